import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing';
import { freePort } from '@bookings/idempotency/testing/free-port';
import { customersPath } from './documented.ts';
import { silenceAfter } from './faults.ts';
import { Stack } from './stack.ts';
import { TcpRelay } from './tcp-relay.ts';
import { onTeardown } from './teardown.ts';
import { temporaryFolder } from './temporary-folder.ts';

const REFUSED = /"degraded":\["creates with an Idempotency-Key are refused: the store cannot be/;
let keys = 0;
const newKey = () => ({ 'idempotency-key': `unavailable-${(keys += 1)}` });

/** A store that can be made unavailable and available again. */
interface RemovableStore {
  readonly url: string;
  remove(): Promise<void>;
  restore(): Promise<void>;
}

function sqlite(): Promise<RemovableStore> {
  const path = join(temporaryFolder(), 'var');
  return Promise.resolve({
    url: `sqlite:${join(path, 'state.db')}`,
    remove: () => rename(path, `${path}-removed`),
    restore: () => rename(`${path}-removed`, path),
  });
}

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
  onTeardown(() => server.stop());
});

async function postgres(): Promise<RemovableStore> {
  const relay = new TcpRelay();
  const url = await relay.start(await server.createDatabase());
  return { url, remove: () => relay.cut(), restore: () => relay.restore() };
}

describe.each([
  ['SQLite', 'ENOENT', sqlite],
  ['PostgreSQL', 'ECONNREFUSED', postgres],
])('while the store is unavailable: %s', (_kind, code, make) => {
  async function start() {
    const store = await make();
    const graph = new TcpRelay();
    const stack = await Stack.start(async (fake) => ({
      STATE_URL: store.url,
      STATE_SECRET: 'a secret of the tests',
      ...(await graph.graphSettings(fake)),
      IDEMPOTENCY_SETTLE_MS: '50',
      GRAPH_ATTEMPT_TIMEOUT_MS: '1500',
    }));
    const create = (headers = newKey()) => stack.create({ headers });
    return { stack, store, graph, create };
  }

  it('refuses creates with a key, serves everything else, reports it, and recovers', async () => {
    const { stack, store, create } = await start();
    const readyWhen = async (isRefused: boolean) => {
      const { status } = await stack.readyWhen(({ text }) => REFUSED.test(text) === isRefused);
      return status;
    };
    expect([(await create()).status, await readyWhen(false)]).toEqual([201, 200]);
    await store.remove();
    const { graphRequests } = stack;
    const refused = await create();
    expect([refused.status, refused.error['code']]).toEqual([503, 'ServiceUnavailable']);
    expect([refused.innerError['outcome'], refused.headers.get('retry-after')]).toEqual([
      'not-sent',
      '5',
    ]);
    expect(stack.graphRequests).toBe(graphRequests);
    expect(await readyWhen(true)).toBe(200);
    const { headers } = await create();
    expect(await stack.lineOf(headers.get('request-id'))).toMatchObject({
      'http.response.status_code': 503,
      'bookings.cause_code': code,
    });
    const repeat = await stack.create({ headers: { 'retry-attempt': '1' } });
    expect([repeat.status, repeat.innerError['outcome']]).toEqual([503, 'not-sent']);
    expect(stack.graphRequests).toBe(graphRequests);
    expect((await stack.create()).status).toBe(201);
    expect((await stack.request('GET', customersPath())).status).toBe(200);
    const { text } = await stack.get('/metrics');
    expect(text).not.toContain('bookings_idempotency_keys_unknown');
    await store.restore();
    expect([(await create()).status, await readyWhen(false)]).toEqual([201, 200]);
    await stack.stop();
  });

  it('sends no create before the store has recorded that it is sent', async () => {
    const { stack, store, graph, create } = await start();
    await create();
    // The create acquires its key and then waits for the mailbox, which four others occupy.
    graph.hold();
    const others = [1, 2, 3, 4].map(() => stack.create());
    await stack.fake.arrived(5);
    const headers = newKey();
    const two = [create(headers), create(headers)];
    // One of the two is refused as soon as the other has acquired the key.
    expect((await Promise.race(two)).status).toBe(409);
    await store.remove();
    graph.release();
    await Promise.all(others);
    const [refused] = (await Promise.all(two)).filter(({ status }) => status !== 409);
    expect([refused?.status, refused?.innerError['outcome']]).toEqual([503, 'not-sent']);
    expect(stack.graphRequests).toBe(5);
    await store.restore();
    await stack.stop();
  });

  it('never reports "not-sent" for a create whose response was lost', async () => {
    const { stack, store, create } = await start();
    await create();
    stack.fake.script([silenceAfter()]);
    const lost = create();
    await stack.fake.arrived(2);
    await store.remove();
    const { status, innerError } = await lost;
    expect([status, innerError['outcome']]).toEqual([504, 'unknown']);
    await store.restore();
    await stack.stop();
  });

  it('returns no customer before it is recorded, and returns it afterwards', async () => {
    const { stack, store, graph, create } = await start();
    await create();
    graph.hold();
    const headers = newKey();
    const creating = create(headers);
    await stack.fake.arrived(2);
    await store.remove();
    graph.release();
    // The proxy does not report its failed attempts to record the outcome.
    await sleep(600);
    await store.restore();
    const created = await creating;
    expect(created.status).toBe(201);
    const replayed = await create(headers);
    expect([replayed.text, replayed.headers.get('idempotent-replayed')]).toEqual([
      created.text,
      'true',
    ]);
    await stack.stop();
  });
});

it('says on /readyz with which code the store could not be opened', async () => {
  const STATE_URL = `postgres://bookings@127.0.0.1:${await freePort()}/state`;
  const stack = await Stack.start({ STATE_URL, STATE_SECRET: 'a secret of the tests' });
  await stack.readyWhen(({ text }) => text.includes('the store cannot be opened (ECONNREFUSED)'));
  await stack.stop();
});
