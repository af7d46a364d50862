import { beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { runKeysCommand } from '../src/keys-command.ts';
import { BUSINESS } from './documented.ts';
import { newKey } from './idempotent-requests.ts';
import { useFreshStack } from './stack.ts';
import { StateFile } from './state-file.ts';
import { stateUrl } from './temporary-folder.ts';

const STATE_SECRET = 'a secret of the tests';
let url: string;
let state: StateFile;
const stack = useFreshStack(() => {
  url = stateUrl();
  state = new StateFile(url);
  return { STATE_URL: url, STATE_SECRET, IDEMPOTENCY_SETTLE_MS: '0' };
});
beforeEach(() => {
  headers = { 'idempotency-key': newKey() };
});

let headers: Record<string, string>;
const body = JSON.stringify({ displayName: 'Adele Vance' });
const create = () => stack.create({ headers, body });
const customers = () => stack.fake.customers(BUSINESS);
const keys = (...args: string[]) => runKeysCommand(args, { STATE_URL: url, STATE_SECRET });

/** The digest of the only key. */
const digest = () => String(state.rows().find(({ customer }) => customer !== null)?.['key']);

/** @returns the request-id of the response */
async function expectDamaged(): Promise<string | null> {
  const before = [stack.graphRequests, customers().length];
  const response = await create();
  expect([response.status, response.error['code']]).toEqual([503, 'ServiceUnavailable']);
  expect(response.error['details']).toMatchObject([{ code: 'IdempotencyRecordDamaged' }]);
  expect(response.innerError['outcome']).toBe('unknown');
  expect([stack.graphRequests, customers().length]).toEqual(before);
  return response.headers.get('request-id');
}

/** A byte that the stored response does not begin with. */
const OTHER_BYTE = `iif(substr(answer, 1, 1) = x'00', x'01', x'00')`;

/** A create with a key, and a repeat without one. */
const WAYS: readonly [string, () => Record<string, string>][] = [
  ['with a key', () => ({ 'idempotency-key': newKey() })],
  ['without a key', () => ({ 'retry-attempt': '1', 'client-request-id': randomUUID() })],
];

describe.each(WAYS)('a create %s whose stored response is damaged', (_way, headersOf) => {
  beforeEach(async () => {
    headers = headersOf();
    expect((await create()).status).toBe(201);
  });

  it.each([
    ['has a changed byte', `answer = CAST(${OTHER_BYTE} || substr(answer, 2) AS BLOB)`],
    ['is cut off', 'answer = substr(answer, 1, 20)'],
    ['is empty', `answer = x''`],
    ['is gone', 'answer = NULL'],
    // JavaScript cannot tell this number from the next one.
    ['is beside an unreadable number', 'fence = 9007199254740993'],
  ])('gets 503 again and again, and an alarm, when it %s', async (_damage, assignment) => {
    state.change(assignment);
    const requestIds = [await expectDamaged(), await expectDamaged()];
    expect(customers()).toHaveLength(1);
    const alarms = await stack.linesWith('bookings.alarm', 'idempotency-record', 2);
    // The operator gets the request-id from the caller.
    expect(alarms.map((alarm) => alarm['http.request.id'])).toEqual(requestIds);
    expect(alarms.map((alarm) => alarm['bookings.key_digest'])).toEqual([digest(), digest()]);
    expect(await keys('unknown')).toMatch(new RegExp(`^${digest()}\t20\\S+Z\tdamaged\n$`));
  });

  it('gets its customer once an operator has named it', async () => {
    state.change(`answer = x'00'`);
    await expectDamaged();
    const id = String(customers()[0]?.id);
    await keys('resolve', digest(), '--created', BUSINESS, id, '--unchecked');
    const found = await create();
    expect([found.status, found.body['id']]).toEqual([201, customers()[0]?.id]);
    expect((await create()).headers.get('idempotent-replayed')).toBe('true');
    expect(customers()).toHaveLength(1);
  });

  it('is sent again once an operator says that nothing was created', async () => {
    state.change(`answer = x'00'`);
    await expectDamaged();
    stack.fake.forget();
    await keys('resolve', digest(), '--not-created');
    expect((await create()).status).toBe(201);
    expect(customers()).toHaveLength(1);
  });
});

it('gives no caller the response of another key', async () => {
  await create();
  const other = await stack.create({ headers: { 'idempotency-key': newKey() } });
  expect(other.status).toBe(201);
  const answers = state.rows().map(({ answer }) => answer);
  expect(new Set(answers).size).toBe(2);
  state.change(
    'answer = (SELECT answer FROM idempotency_keys AS o WHERE o.key <> idempotency_keys.key)',
  );
  await expectDamaged();
  expect(customers()).toHaveLength(2);
});
