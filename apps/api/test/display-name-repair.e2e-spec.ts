import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { BUSINESS } from './documented.ts';
import { resetBefore } from './faults.ts';
import { jsonObject } from './json.ts';
import { useStack } from './stack.ts';

const ADELE = { displayName: 'Adele Vance', emailAddress: 'adelev@proseware.com' };
/** Graph has been observed to store the e-mail address as the display name. */
const WRONG_NAME: Fault = { kind: 'display-name-is-email' };

const stack = useStack({ IDEMPOTENCY_SETTLE_MS: '100' });
beforeEach(() => {
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

describe.each(WAYS)(
  'a customer that is created %s and stored with another display name',
  (_way, headers) => {
    it('gets the requested name within the same request', async () => {
      stack.fake.script([WRONG_NAME]);
      const response = await create(headers());
      expect([response.status, response.body['displayName']]).toEqual([201, 'Adele Vance']);
      expect(response.headers.get('bookings-warning')).toBeNull();
      expect(response.headers.get('location')).toContain(String(response.body['id']));
      expect([stored(), stack.graphMethods]).toEqual([['Adele Vance'], ['POST', 'PATCH']]);
    });

    it.each<[string, Fault]>([
      ['refuses it', { kind: 'status', status: 403, body: { error: { code: 'x', message: 'y' } } }],
      ['resets the connection', resetBefore(3)],
      ['answers without an id', { kind: 'status', status: 200, body: ADELE }],
      ['does not change it', { kind: 'status', status: 200, body: { id: 'x', displayName: 'y' } }],
    ])(
      'is returned as it is stored when the repair fails because Graph %s',
      async (_title, fault) => {
        stack.fake.script([WRONG_NAME, fault]);
        const response = await create(headers());
        expect([response.status, response.body['displayName']]).toEqual([201, ADELE.emailAddress]);
        expect(response.headers.get('bookings-warning')).toBe('display-name-not-stored');
      },
    );
  },
);

it('the repair of a display name is audited and counted', async () => {
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

it('a replayed response repeats the warning', async () => {
  const headers = { 'idempotency-key': 'warned' };
  stack.fake.script([WRONG_NAME, resetBefore(3)]);
  const first = await create(headers);
  const again = await create(headers);
  expect(again.headers.get('bookings-warning')).toBe('display-name-not-stored');
  expect(again.text).toBe(first.text);
});

it('reconciliation finds a customer that was stored with its e-mail address as the name, and repairs the name', async () => {
  stack.fake.add(
    BUSINESS,
    { displayName: ADELE.emailAddress, emailAddress: ADELE.emailAddress },
    new Date(Date.now() + 1000).toISOString(),
  );
  stack.fake.script([resetBefore()]);
  const response = await create({ 'idempotency-key': 'found' });
  expect([response.status, response.body['displayName']]).toEqual([201, 'Adele Vance']);
  expect([stored(), stack.graphMethods]).toEqual([['Adele Vance'], ['POST', 'GET', 'PATCH']]);
});
