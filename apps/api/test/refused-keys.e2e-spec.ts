import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { graphError, resetAfter, respond } from './faults.ts';
import { newKey } from './idempotent-requests.ts';
import { Stack } from './stack.ts';
import { StateFile } from './state-file.ts';
import { TcpRelay } from './tcp-relay.ts';
import { stateUrl } from './temporary-folder.ts';

let stack: Stack;
let state: StateFile;
let relay: TcpRelay;
beforeEach(async () => {
  relay = new TcpRelay();
  const url = stateUrl();
  state = new StateFile(url);
  stack = await Stack.start(async (fake) => ({
    ...(await relay.graphSettings(fake)),
    STATE_URL: url,
    MAILBOX_CONCURRENCY: '1',
    MAILBOX_QUEUE_LIMIT: '0',
    // Longer than a request may take, so that no lookup settles an unknown outcome.
    IDEMPOTENCY_SETTLE_MS: '600000',
  }));
});
afterEach(() => stack.stop());

let names = 0;
const create = () =>
  stack.create({
    headers: { 'idempotency-key': newKey() },
    body: JSON.stringify({ displayName: `Joni ${(names += 1)}` }),
  });

describe('the store has no row of a create with a key', () => {
  it('that was refused before it was sent', async () => {
    relay.hold();
    const holder = stack.create();
    await stack.fake.arrived(1);
    const refused = await Promise.all(Array.from({ length: 50 }, create));
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
    expect(state.rows()).toEqual([]);
    relay.release();
    await holder;
  });

  it('that Graph refused', async () => {
    stack.fake.script([respond(400, graphError('BadRequest'))]);
    expect((await create()).status).toBe(400);
    expect(state.rows()).toEqual([]);
  });
});

it('keeps the row of a create whose outcome is unknown, also after a repeat that sends nothing', async () => {
  stack.fake.script([resetAfter()]);
  const key = { 'idempotency-key': newKey() };
  for (const requests of [1, 1]) {
    expect((await stack.create({ headers: key })).innerError['outcome']).toBe('unknown');
    expect(stack.graphRequests).toBe(requests);
    expect(state.rows()).toMatchObject([{ state: 'unknown', ever_unknown: 1 }]);
  }
});
