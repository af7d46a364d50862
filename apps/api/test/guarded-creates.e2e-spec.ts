import { beforeEach, expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing';
import { BUSINESS, CREATE_PERMISSION } from './documented.ts';
import { graphError, respond } from './faults.ts';
import { ADELE } from './idempotent-requests.ts';
import { idsOf, names, Proxies, useFake } from './restored-store.ts';
import { onTeardown } from './teardown.ts';
import { stateUrl } from './temporary-folder.ts';

const OTHER_BUSINESS = 'Contosolunchdelivery@contoso.com';

const graph = useFake();
const customers = (business = BUSINESS) => graph.fake.customers(business);

/** A proxy whose emptied store is under guard for customers of the last hour. */
let proxies: Proxies;
beforeEach(async () => {
  proxies = new Proxies(graph.fake);
  const since = new Date(Date.now() - 3_600_000).toISOString();
  await proxies.restart(() => proxies.keys('guard', '--since', since));
  onTeardown(() => proxies.stack.stop());
});

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

it('adopts only a customer that was made since the time of the copy', async () => {
  const { id } = graph.fake.add(BUSINESS, ADELE, hoursAgo(0.9));
  graph.fake.add(BUSINESS, { displayName: 'Older' }, hoursAgo(1.1));
  expect(idsOf([await proxies.create('lost', ADELE)])).toEqual([[201, id]]);
  expect((await proxies.create('new', { displayName: 'Older' })).status).toBe(201);
  expect(customers()).toHaveLength(3);
});

it('creates a customer for another key, because the one that was lost has an owner', async () => {
  const { id } = graph.fake.add(BUSINESS, ADELE, hoursAgo(0.5));
  expect(idsOf([await proxies.create('one', ADELE)])).toEqual([[201, id]]);
  const second = await proxies.create('two', ADELE);
  expect([second.status, customers()[1]?.id]).toEqual([201, second.body['id']]);
  expect(customers()).toHaveLength(2);
});

it('settles two lost keys of equal customers', async () => {
  const ids = [0.9, 0.8].map((hours) => graph.fake.add(BUSINESS, ADELE, hoursAgo(hours)).id);
  expect((await proxies.create('one', ADELE)).innerError['outcome']).toBe('unknown');
  expect(idsOf([await proxies.create('two', ADELE)])).toEqual([[201, ids[0]]]);
  expect(idsOf([await proxies.create('one', ADELE)])).toEqual([[201, ids[1]]]);
  expect(customers()).toHaveLength(2);
});

it('answers 504 where a customer agrees in part, until an operator decides', async () => {
  graph.fake.add(BUSINESS, { ...ADELE, displayName: 'Another' }, hoursAgo(0.5));
  const { status, innerError } = await proxies.create('key', ADELE);
  expect([status, innerError['outcome']]).toEqual([504, 'unknown']);
  expect(customers()).toHaveLength(1);
  const [digest = ''] = (await proxies.keys('unknown')).stdout.split('\t', 1);
  expect(await proxies.keys('resolve', digest, '--not-created')).toMatchObject({ code: 0 });
});

it("passes Graph's refusal on, and keeps no record of the key", async () => {
  await proxies.create('first');
  graph.fake.script([respond(400, graphError('BadRequest'))]);
  expect((await proxies.create('refused')).status).toBe(400);
  expect((await proxies.keys('unknown')).stdout).toBe('no key has an unknown outcome\n');
  expect((await proxies.create('refused')).status).toBe(201);
});

it('finds its own customer after a lost answer, in another list', async () => {
  await proxies.create('first');
  graph.fake.script([respond(503, graphError('ServiceUnavailable'))]);
  const { status, body } = await proxies.create('key');
  expect([status, customers()[1]?.id]).toEqual([201, body['id']]);
  expect([customers().length, proxies.lists]).toEqual([2, 2]);
});

it('reads one list of each business, however many creates there are', async () => {
  const businesses = [BUSINESS, OTHER_BUSINESS];
  const responses = await Promise.all(
    businesses.flatMap((business) =>
      names(50).map((key) => proxies.create(key, { displayName: key }, business)),
    ),
  );
  expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 201));
  expect(proxies.lists).toBe(2);
  expect(businesses.map((business) => customers(business).length)).toEqual([50, 50]);
});

it('shows in the metrics how long the guard lasts', async () => {
  const { text } = await proxies.stack.get('/metrics');
  const [, seconds] = /^bookings_idempotency_guard_seconds (\S+)$/m.exec(text) ?? [];
  expect((Number(seconds) / 3600).toFixed(0)).toBe('24');
  const unguarded = new Proxies(graph.fake, { STATE_URL: stateUrl() });
  await unguarded.restart();
  const metrics = await unguarded.stack.get('/metrics');
  expect(metrics.text).toMatch(/^bookings_idempotency_guard_seconds 0$/m);
  await unguarded.stack.stop();
});

it('does not concern creates without a key', async () => {
  graph.fake.add(BUSINESS, ADELE, hoursAgo(0.5));
  const token = await graph.fake.issueToken({ roles: [CREATE_PERMISSION] });
  const created = await proxies.stack.create({ token, body: JSON.stringify(ADELE) });
  expect([created.status, customers().length, proxies.lists]).toEqual([201, 2, 0]);
});

it('protects PostgreSQL, also while processes run', async () => {
  const server = await PostgresServer.start();
  onTeardown(() => server.stop());
  const STATE_URL = await server.createDatabase();
  const shared = new Proxies(graph.fake, { STATE_URL });
  await shared.restart();
  await shared.create('before');
  const since = new Date().toISOString();
  const first = await Promise.all(names(40).map((key) => shared.create(key)));
  // What a restore does: no row from after the copy is left.
  const newer = `changed_at_ms > ${Date.parse(since)}`;
  await server.run(STATE_URL, `DELETE FROM idempotency_keys WHERE ${newer}`);
  expect(await shared.keys('guard', '--since', since)).toMatchObject({ code: 0 });
  const again = await Promise.all(names(40).map((key) => shared.create(key)));
  expect(idsOf(again)).toEqual(idsOf(first));
  expect((await shared.create('new')).status).toBe(201);
  expect([customers().length, shared.lists]).toEqual([42, 1]);
  await shared.stack.stop();
});

it.each([
  [[], 'usage:'],
  [['--since'], 'usage:'],
  [['--since', '2026-11-29'], 'TIME must be in the past'],
  [['--since', '2026-11-29T14:00:00'], 'TIME must be in the past'],
  [['--since', '2999-01-01T00:00:00Z'], 'TIME must be in the past'],
  [['--since', '2026-11-29T14:00:00Z', 'x'], 'usage:'],
])('refuses `keys guard` with %j', async (args, message) => {
  const { code, stderr } = await proxies.keys('guard', ...args);
  expect([code, stderr.startsWith(message)]).toEqual([1, true]);
});
