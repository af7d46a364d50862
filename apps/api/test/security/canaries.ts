import { expect } from '@jest/globals';
import { type Answer, type Stack, jsonObject } from '../stack.ts';

/** In every value that must stay between caller and Graph. */
export const MARK = 'c4n4ry';

export const CANARIES = {
  business: `${MARK}-business@contoso.com`,
  id: `${MARK}-id`,
  secret: `${MARK}-secret`,
  user: `${MARK}-user`,
} as const;

/** A customer whose every text is a canary. */
export const CUSTOMER = {
  displayName: `${MARK}-name`,
  emailAddress: `${MARK}@mail.example`,
  addresses: [
    { street: `${MARK}-street`, city: `${MARK}-city`, postalCode: `${MARK}-code`, type: 'home' },
  ],
  phones: [{ number: `${MARK}-phone`, type: 'home' }],
};

export const CUSTOMERS = `/v1.0/solutions/bookingBusinesses/${CANARIES.business}/customers`;

/** Headers of a caller's with canaries wherever text of its own may be. */
export const HEADERS: Record<string, string> = {
  'client-request-id': `${MARK}-client-request-id`,
  cookie: `a=${MARK}-cookie`,
  prefer: `x=${MARK}-prefer`,
  traceparent: `${MARK}-traceparent`,
  'user-agent': `${MARK}-agent`,
  'x-forwarded-for': `${MARK}-address`,
  'x-forwarded-host': `${MARK}.example`,
};

const customer = JSON.stringify(CUSTOMER);
const part = (method: string, url: string, body?: object) => ({
  id: `${MARK}-part-${method}`,
  method,
  url: `${url}?x=${MARK}`,
  headers: { 'content-type': 'application/json', ...HEADERS },
  ...(body && { body }),
});

/** Every operation, with canaries in its path, its query, its headers and its body. */
export const REQUESTS: readonly (readonly [string, string, string?])[] = [
  ['POST', CUSTOMERS, customer],
  ['GET', `${CUSTOMERS}?$filter=emailAddress%20eq%20'${CUSTOMER.emailAddress}'`],
  ['GET', `${CUSTOMERS}/$count?$filter=displayName%20eq%20'${CUSTOMER.displayName}'`],
  ['GET', `${CUSTOMERS}/${CANARIES.id}`],
  ['PATCH', `${CUSTOMERS}/${CANARIES.id}`, customer],
  ['DELETE', `${CUSTOMERS}/${CANARIES.id}`],
  [
    'POST',
    '/v1.0/$batch',
    JSON.stringify({
      requests: [
        part('POST', CUSTOMERS.slice(5), CUSTOMER),
        part('GET', `${CUSTOMERS.slice(5)}/${CANARIES.id}`),
        part('PATCH', `${CUSTOMERS.slice(5)}/${CANARIES.id}`, CUSTOMER),
      ],
    }),
  ],
];

/** Sends every request with a user's token whose claims are canaries too. */
export async function sendAll(stack: Stack, token: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const [method, path, body] of REQUESTS) {
    const options = { token, headers: HEADERS, ...(body !== undefined && { body }) };
    answers.push(await stack.ask(method, path, options));
  }
  return answers;
}

export function userToken(stack: Stack): Promise<string> {
  return stack.fake.issueToken({
    scopes: ['BookingsAppointment.ReadWrite.All'],
    claims: { name: CANARIES.user, preferred_username: `${CANARIES.user}@contoso.com` },
  });
}

/** An audit record without the two names that it is there to tell. */
export function withoutNames(line: string): string {
  const { business: _business, customerId: _id, ...record } = jsonObject(line);
  return JSON.stringify(record);
}

/** Fails when a canary, or a piece of one of `tokens`, is where nobody but caller and Graph is. */
export async function expectSilence(
  stack: Stack,
  answers: readonly Answer[],
  tokens: readonly string[],
): Promise<void> {
  // The line of an answer comes after it.
  for (const { headers } of answers) await stack.lineOf(headers.get('request-id'));
  const searched = {
    log: stack.logLines.join(''),
    audit: stack.auditLines.map(withoutNames).join(''),
    metrics: (await stack.get('/metrics')).text,
    readiness: (await stack.get('/readyz')).text,
    // An error of Graph's own is Graph's to word, and goes to nobody but the caller.
    errors: answers
      .filter(({ innerError }) => innerError['origin'] === 'proxy')
      .map(({ text, headers }) => `${text}${JSON.stringify([...headers])}`)
      .join(''),
  };
  const { clientSecret } = stack.fake.client;
  const words = [MARK, clientSecret, ...tokens.flatMap((token) => token.split('.').slice(1))];
  for (const [place, text] of Object.entries(searched)) {
    for (const word of words) {
      const at = text.indexOf(word);
      expect([place, at < 0 ? '' : text.slice(Math.max(0, at - 300), at + 50)]).toEqual([
        place,
        '',
      ]);
    }
  }
}
