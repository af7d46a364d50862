import { once } from 'node:events';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { type Socket, createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing';
import { Stack, customersPath } from './stack.ts';

const REFUSED = /"degraded":\["creates with an Idempotency-Key are refused: the store cannot be/;
let keys = 0;

/** A store that can be taken away and brought back. */
interface Removable {
  readonly url: string;
  takeAway(): Promise<void>;
  bringBack(): Promise<void>;
  remove(): Promise<void>;
}

async function file(): Promise<Removable> {
  const folder = await mkdtemp(join(tmpdir(), 'state-away-'));
  const path = join(folder, 'var');
  return {
    url: `sqlite:${join(path, 'state.db')}`,
    takeAway: () => rename(path, `${path}-away`),
    bringBack: () => rename(`${path}-away`, path),
    remove: () => rm(folder, { recursive: true }),
  };
}

let server: PostgresServer;
/** The database behind a connection that can be cut. */
async function database(): Promise<Removable> {
  const url = new URL(await server.createDatabase());
  const behind = Number(url.port);
  const sockets = new Set<Socket>();
  const door = createServer((socket) => {
    const through = connect(behind, '127.0.0.1');
    for (const end of [socket, through]) {
      sockets.add(end);
      end.on('error', () => undefined);
    }
    socket.pipe(through).pipe(socket);
  });
  const open = async (port: number) => {
    door.listen(port, '127.0.0.1');
    await once(door, 'listening');
  };
  await open(0);
  const address = door.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  url.port = String(port);
  const cut = async () => {
    door.close();
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    if (door.listening) await once(door, 'close');
  };
  return { url: url.href, takeAway: cut, bringBack: () => open(port), remove: cut };
}

beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(async () => {
  await Stack.stopAll();
  await server.stop();
});

describe.each([
  ['SQLite', file],
  ['PostgreSQL', database],
])('while the store is away: %s', (_kind, make) => {
  let removable: Removable | undefined;
  afterEach(async () => {
    await Stack.stopAll();
    await removable?.remove();
  });

  async function start() {
    removable = await make();
    const stack = await Stack.start({
      STATE_URL: removable.url,
      STATE_SECRET: 'a secret of the tests',
      IDEMPOTENCY_SETTLE_MS: '50',
      GRAPH_ATTEMPT_TIMEOUT_MS: '1500',
    });
    const create = () => stack.create({ headers: { 'idempotency-key': `away-${(keys += 1)}` } });
    const readyWhen = async (refused: boolean) => {
      const { status } = await stack.readyWhen(({ text }) => REFUSED.test(text) === refused);
      return status;
    };
    return { stack, store: removable, create, readyWhen };
  }

  it('refuses creates with a key, nothing else, says so, and recovers', async () => {
    const { stack, store, create, readyWhen } = await start();
    expect([(await create()).status, await readyWhen(false)]).toEqual([201, 200]);
    await store.takeAway();
    const { seen } = stack;
    const refused = await create();
    expect([refused.status, refused.error['code']]).toEqual([503, 'ServiceUnavailable']);
    expect([refused.innerError['outcome'], refused.headers.get('retry-after')]).toEqual([
      'not-sent',
      '5',
    ]);
    expect(stack.seen).toBe(seen);
    expect(await readyWhen(true)).toBe(200);
    expect((await stack.create()).status).toBe(201);
    expect((await stack.ask('GET', customersPath())).status).toBe(200);
    const { text } = await stack.get('/metrics');
    expect(text).not.toContain('bookings_idempotency_keys_unknown');
    await store.bringBack();
    expect([(await create()).status, await readyWhen(false)]).toEqual([201, 200]);
  });

  it('sends nothing of which it cannot say first that it is sent', async () => {
    const { stack, store, create } = await start();
    await create();
    // The claim is made, and then the create waits behind another of the same mailbox.
    stack.fake.script([{ kind: 'delay', delayMs: 400, times: 4 }]);
    const others = [1, 2, 3, 4].map(() => stack.create());
    await stack.fake.arrived(5);
    const headers = { 'idempotency-key': `waiting-${(keys += 1)}` };
    const two = [stack.create({ headers }), stack.create({ headers })];
    // Of two with one key one is refused as soon as the other has claimed it.
    expect((await Promise.race(two)).status).toBe(409);
    await store.takeAway();
    await Promise.all(others);
    const [refused] = (await Promise.all(two)).filter(({ status }) => status !== 409);
    expect([refused?.status, refused?.innerError['outcome']]).toEqual([503, 'not-sent']);
    expect(stack.seen).toBe(5);
    await store.bringBack();
  });

  it('never says that nothing was sent of what it has lost', async () => {
    const { stack, store, create } = await start();
    await create();
    stack.fake.script([{ kind: 'silence', when: 'after-stored' }]);
    const lost = create();
    await stack.fake.arrived(2);
    await store.takeAway();
    const { status, innerError } = await lost;
    expect([status, innerError['outcome']]).toEqual([504, 'unknown']);
    await store.bringBack();
  });

  it('answers no customer that it cannot remember, and finds it later', async () => {
    const { stack, store } = await start();
    await stack.create({ headers: { 'idempotency-key': 'first' } });
    stack.fake.script([{ kind: 'delay', delayMs: 300 }]);
    const headers = { 'idempotency-key': `lost-${(keys += 1)}` };
    const lost = stack.create({ headers });
    await stack.fake.arrived(2);
    await store.takeAway();
    // Nothing tells from outside that it has tried to remember, in vain.
    await new Promise((resolve) => setTimeout(resolve, 600));
    await store.bringBack();
    const answer = await lost;
    expect(answer.status).toBe(201);
    const again = await stack.create({ headers });
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([answer.text, 'true']);
  });
});
