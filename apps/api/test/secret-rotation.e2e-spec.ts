import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing';
import { blocks } from '../src/documents.fixture.ts';
import { BUSINESS } from './documented.ts';
import { runKeys } from './keys-process.ts';
import { type ProxyProcess, useProxyProcess } from './proxy-process.ts';
import { onTeardown } from './teardown.ts';

type Settings = Readonly<Record<'STATE_URL' | 'STATE_SECRET', string>> & Record<string, string>;

const OLD = 'the secret before the rotation';
const NEW = 'the secret after the rotation';

const launcher = useProxyProcess({ workMs: 5 });
let server: PostgresServer;
let STATE_URL: string;
beforeAll(async () => {
  server = await PostgresServer.start();
  onTeardown(() => server.stop());
});
beforeEach(async () => {
  STATE_URL = await server.createDatabase();
});

/** Those of the page, for a second role. */
const rotationStatements = () => {
  const [block = ''] = blocks('docs/operations/secrets.md', 'sql');
  return block.trim().split('\n');
};

const create = (proxy: ProxyProcess, key: string) =>
  proxy.create({
    body: JSON.stringify({ displayName: key }),
    headers: { 'idempotency-key': key },
  });

/**
 * Replaces three replicas one by one under load, by those with the next settings, and again.
 *
 * @returns the ids of the customers by their keys
 */
async function rollUnderLoad(first: Settings, ...next: Settings[]): Promise<Map<string, unknown>> {
  const replicas = await Promise.all([first, first, first].map((each) => launcher.start(each)));
  const ids = new Map<string, unknown>();
  let isDone = false;
  // One caller for each replica, which follows the replica to its next process.
  const load = replicas.map(async (_, replica) => {
    for (let index = 0; !isDone; index += 1) {
      const key = `key-${replica}-${index}`;
      // A replica that stops may close a connection with a request in it, or refuse the request. The
      // caller repeats it.
      const attempt = async () => {
        const proxy = replicas[replica];
        if (proxy === undefined) throw new Error('there is no replica');
        const response = await create(proxy, key);
        if (response.status === 503) throw new Error('the replica drains');
        return response;
      };
      const { status, body } = await attempt().catch(attempt);
      expect(status).toBe(201);
      ids.set(key, body['id']);
    }
  });
  for (const settings of next) {
    for (const [index, old] of replicas.entries()) {
      replicas[index] = await launcher.start(settings);
      await old.stop();
    }
  }
  isDone = true;
  await Promise.all(load);
  await Promise.all(replicas.map((replica) => replica.stop()));
  expect(ids.size).toBeGreaterThan(30);
  return ids;
}

/** A process knows all keys, and no customer was created twice. */
async function expectAllKnown(settings: Settings, ids: Map<string, unknown>): Promise<void> {
  const proxy = await launcher.start(settings);
  for (const [key, id] of ids) {
    const { body, headers } = await create(proxy, key);
    expect([key, body['id'], headers.get('idempotent-replayed')]).toEqual([key, id, 'true']);
  }
  expect(launcher.fake.customers(BUSINESS)).toHaveLength(ids.size);
  await proxy.stop();
}

describe('while three replicas are replaced one by one under load, no key is forgotten', () => {
  it('when they get another secret of the store', async () => {
    const settings = { STATE_URL, STATE_SECRET: NEW };
    const between = { ...settings, STATE_SECRET_PREVIOUS: OLD };
    const ids = await rollUnderLoad({ STATE_URL, STATE_SECRET: OLD }, between, settings);
    const forgotten = await runKeys(between, 'forget-previous-secret');
    expect(forgotten.stdout).toBe('the previous secret no longer opens the store\n');
    expect(await runKeys(between, 'forget-previous-secret')).toMatchObject({
      code: 0,
      stdout: 'STATE_SECRET_PREVIOUS already did not open the store: nothing has changed\n',
    });
    expect((await runKeys({ STATE_URL, STATE_SECRET: OLD }, 'unknown')).code).toBe(1);
    await expectAllKnown(settings, ids);
  });

  it('when they get another role of the database, as the page says', async () => {
    const as = (role: string, database = STATE_URL): Settings => {
      const url = new URL(database);
      [url.username, url.password] = [role, `password-of-${role}`];
      return { STATE_URL: url.href, STATE_SECRET: OLD };
    };
    const run = (statement: string) => server.run(STATE_URL, statement);
    const other = await server.createDatabase();
    await run(`CREATE ROLE bookings LOGIN PASSWORD 'password-of-bookings'`);
    for (const each of [STATE_URL, other]) {
      await run(`ALTER DATABASE ${new URL(each).pathname.slice(1)} OWNER TO bookings`);
    }
    for (const statement of rotationStatements()) await run(statement);
    const ids = await rollUnderLoad(as('bookings'), as('bookings_2'));
    await run('ALTER ROLE bookings NOLOGIN');
    expect((await runKeys(as('bookings'), 'unknown')).code).toBe(1);
    await expectAllKnown(as('bookings_2'), ids);
    // What it makes belongs to the first role, so that it can be dropped later.
    await (await launcher.start(as('bookings_2', other))).stop();
    await run('DROP ROLE bookings_2');
  });
});

describe('keys forget-previous-secret', () => {
  const forget = (settings: Record<string, string>) =>
    runKeys({ STATE_URL, ...settings }, 'forget-previous-secret');
  const opens = async (STATE_SECRET: string, more: Record<string, string> = {}) =>
    (await runKeys({ STATE_URL, STATE_SECRET, ...more }, 'unknown')).code === 0;
  beforeEach(async () => {
    expect(await opens(OLD)).toBe(true);
    expect(await opens(NEW, { STATE_SECRET_PREVIOUS: OLD })).toBe(true);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'without a secret to forget',
      { STATE_SECRET: NEW },
      'STATE_SECRET_PREVIOUS is not set: it names the secret to forget',
    ],
    [
      'when both secrets are equal',
      { STATE_SECRET: NEW, STATE_SECRET_PREVIOUS: NEW },
      'STATE_SECRET and STATE_SECRET_PREVIOUS are equal: STATE_SECRET must be the new secret',
    ],
    [
      'when the new secret does not open the store, as a mistyped one',
      { STATE_SECRET: 'no secret of the store', STATE_SECRET_PREVIOUS: OLD },
      'the secret does not open this store',
    ],
    [
      'when the old secret still opens the store, because another was named',
      { STATE_SECRET: NEW, STATE_SECRET_PREVIOUS: 'no secret of the store' },
      'another secret still opens the store: repeat the command with it as STATE_SECRET_PREVIOUS',
    ],
  ])('changes nothing and exits with 1 %s', async (_title, settings, line) => {
    expect(await forget(settings)).toEqual({ code: 1, stdout: '', stderr: `${line}\n` });
    expect([await opens(OLD), await opens(NEW)]).toEqual([true, true]);
    expect(await opens('no secret of the store')).toBe(false);
  });

  it('forgets one secret, and says that a third still opens the store', async () => {
    const LATEST = 'the secret after the next rotation';
    expect(await opens(LATEST, { STATE_SECRET_PREVIOUS: NEW })).toBe(true);
    const both = { STATE_SECRET: LATEST, STATE_SECRET_PREVIOUS: NEW };
    const done = 'the previous secret no longer opens the store\n';
    expect(await forget(both)).toMatchObject({ code: 1, stdout: done });
    expect([await opens(OLD), await opens(NEW), await opens(LATEST)]).toEqual([true, false, true]);
    const last = await forget({ STATE_SECRET: LATEST, STATE_SECRET_PREVIOUS: OLD });
    expect(last).toEqual({ code: 0, stdout: done, stderr: '' });
  });
});
