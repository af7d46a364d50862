import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { BUSINESS, Stack, jsonObject } from './stack.ts';

const ADELE = { displayName: 'Adele Vance', emailAddress: 'adelev@proseware.com' };
/** What Graph was seen to do: it stores the e-mail address in the place of the name. */
const WRONG_NAME: Fault = { kind: 'display-name-is-email' };

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start({ IDEMPOTENCY_SETTLE_MS: '100', GRAPH_ATTEMPT_TIMEOUT_MS: '1000' });
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
  stack.auditLines.length = 0;
});

let keys = 0;
const WAYS: readonly (readonly [string, () => Record<string, string>])[] = [
  ['without a key', () => ({})],
  ['with a key', () => ({ 'idempotency-key': `name-${(keys += 1)}` })],
];
const create = (headers: Record<string, string>) =>
  stack.create({ headers, body: JSON.stringify(ADELE) });
const stored = () => stack.fake.customers(BUSINESS).map(({ displayName }) => displayName);
const methods = () => stack.fake.requests().requests.map(({ method }) => method);

describe.each(WAYS)('a customer created %s, which Graph calls otherwise', (_way, headers) => {
  it('gets its name within the same create', async () => {
    stack.fake.script([WRONG_NAME]);
    const answer = await create(headers());
    expect([answer.status, answer.body['displayName']]).toEqual([201, 'Adele Vance']);
    expect(answer.headers.get('bookings-warning')).toBeNull();
    expect(answer.headers.get('location')).toContain(String(answer.body['id']));
    expect([stored(), methods()]).toEqual([['Adele Vance'], ['POST', 'PATCH']]);
  });

  it.each<[string, Fault]>([
    ['refuses it', { kind: 'status', status: 403, body: { error: { code: 'x', message: 'y' } } }],
    ['breaks off', { kind: 'reset', when: 'before-stored', times: 3 }],
    ['does nothing', { kind: 'status', status: 200, body: { id: 'x', displayName: 'y' } }],
  ])('is answered as it is stored when Graph %s', async (_title, fault) => {
    stack.fake.script([WRONG_NAME, fault]);
    const answer = await create(headers());
    expect([answer.status, answer.body['displayName']]).toEqual([201, ADELE.emailAddress]);
    expect(answer.headers.get('bookings-warning')).toBe('display-name-not-stored');
  });
});

it('audits and counts that a name was set right', async () => {
  stack.fake.script([WRONG_NAME]);
  const { body } = await create({});
  const records = stack.auditLines.map(jsonObject);
  expect(
    records.map(({ record, operation, outcome, attempts }) => [
      record,
      operation,
      outcome,
      attempts,
    ]),
  ).toEqual([
    ['intent', 'createCustomer', undefined, undefined],
    ['outcome', 'createCustomer', 'done', 1],
    ['intent', 'updateCustomer', undefined, undefined],
    ['outcome', 'updateCustomer', 'done', 1],
  ]);
  expect(records.at(-1)?.['customerId']).toBe(body['id']);
  const { text } = await stack.get('/metrics');
  expect(text).toMatch(/^bookings_display_name_corrections_total\{result="corrected"\} [1-9]/m);
});

it('says the same again with the answer of a key', async () => {
  const headers = { 'idempotency-key': 'warned' };
  stack.fake.script([WRONG_NAME, { kind: 'reset', when: 'before-stored', times: 3 }]);
  const first = await create(headers);
  const again = await create(headers);
  expect(again.headers.get('bookings-warning')).toBe('display-name-not-stored');
  expect(again.text).toBe(first.text);
});

it('finds a customer that has its e-mail address for a name, and sets the name right', async () => {
  stack.fake.add(
    BUSINESS,
    {
      displayName: ADELE.emailAddress,
      emailAddress: ADELE.emailAddress,
      addresses: [],
      phones: [],
    },
    new Date(Date.now() + 1000).toISOString(),
  );
  stack.fake.script([{ kind: 'reset', when: 'before-stored' }]);
  const answer = await create({ 'idempotency-key': 'found' });
  expect([answer.status, answer.body['displayName']]).toEqual([201, 'Adele Vance']);
  expect([stored(), methods()]).toEqual([['Adele Vance'], ['POST', 'GET', 'PATCH']]);
});
