import { expect } from '@jest/globals';
import { jsonObject } from '../json.ts';
import { type ProxyClient, type ProxyResponse } from '../proxy-client.ts';
import { type Stack } from '../stack.ts';

/** Part of every value that only the caller and Graph may see. */
export const MARK = 'c4n4ry';

export const CANARIES = {
  business: `${MARK}-business@contoso.com`,
  id: `${MARK}-id`,
  secret: `${MARK}-secret`,
  user: `${MARK}-user`,
} as const;

/** A customer whose values are all canaries. */
export const CUSTOMER = {
  displayName: `${MARK}-name`,
  emailAddress: `${MARK}@mail.example`,
  addresses: [
    { street: `${MARK}-street`, city: `${MARK}-city`, postalCode: `${MARK}-code`, type: 'home' },
  ],
  phones: [{ number: `${MARK}-phone`, type: 'home' }],
};

export const CUSTOMERS = `/v1.0/solutions/bookingBusinesses/${CANARIES.business}/customers`;

/** Request headers with canaries. */
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

/** Every operation, with canaries in path, query, headers and body. */
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

/** Sends every request with the token. */
export async function sendAll(proxy: ProxyClient, token: string): Promise<ProxyResponse[]> {
  const responses: ProxyResponse[] = [];
  for (const [method, path, body] of REQUESTS) {
    const options = { token, headers: HEADERS, ...(body !== undefined && { body }) };
    responses.push(await proxy.request(method, path, options));
  }
  return responses;
}

export function userToken({ fake }: Pick<Stack, 'fake'>): Promise<string> {
  return fake.issueToken({
    scopes: ['BookingsAppointment.ReadWrite.All'],
    claims: { name: CANARIES.user, preferred_username: `${CANARIES.user}@contoso.com` },
  });
}

/** An audit record without the business and the customer, which it may name. */
export function withoutNames(line: string): string {
  const { business: _business, customerId: _id, ...record } = jsonObject(line);
  return JSON.stringify(record);
}

/** Fails when a canary or a part of a token is in logs, metrics or errors of the proxy. */
export async function expectSilence(
  stack: Stack,
  responses: readonly ProxyResponse[],
  tokens: readonly string[],
): Promise<void> {
  // The log line is written after the response.
  for (const { headers } of responses) await stack.lineOf(headers.get('request-id'));
  const searched = {
    log: stack.logLines.join(''),
    audit: stack.auditLines.map(withoutNames).join(''),
    metrics: (await stack.get('/metrics')).text,
    readiness: (await stack.get('/readyz')).text,
    // Errors of Graph may contain canaries. Only the caller gets them.
    errors: responses
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
