import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { BUSINESS } from './documented.ts';
import { graphError, resetBefore, respond } from './faults.ts';
import { jsonObject } from './json.ts';
import { idsOf, names, Proxies, useFake } from './restored-store.ts';
import type { Settings } from './stack.ts';

const FORTY = names(40);
const HOUR_MS = 3_600_000;

const graph = useFake();
const audited = (settings: Settings = {}) => {
  const proxies = new Proxies(graph.fake, settings);
  proxies.settings['AUDIT_FILE'] = proxies.auditFile;
  return proxies;
};
const customers = () => graph.fake.customers(BUSINESS);

/** Creates forty customers, loses their keys, and creates them and another one again. */
async function loseKeys(proxies: Proxies, lose: () => Promise<unknown>): Promise<void> {
  const first = await Promise.all(FORTY.map((key) => proxies.create(key)));
  const listsBefore = proxies.lists;
  await proxies.restart(lose);
  const again = await Promise.all(FORTY.map((key) => proxies.create(key)));
  expect(idsOf(again)).toEqual(idsOf(first));
  expect((await proxies.create('new')).status).toBe(201);
  expect(proxies.lists - listsBefore).toBe(1);
  // A key of the guard is a key like others afterwards.
  const replayed = await proxies.create('key-7');
  expect(replayed.headers.get('idempotent-replayed')).toBe('true');
}

it('creates nothing again after an older copy was put back', async () => {
  const proxies = audited();
  await proxies.restart();
  await proxies.create('before');
  const putBack = await proxies.backUp();
  await loseKeys(proxies, putBack);
  expect(customers()).toHaveLength(42);
  expect(proxies.alarms).toHaveLength(1);
  expect((await proxies.create('before')).headers.get('idempotent-replayed')).toBe('true');
  await proxies.stack.stop();
});

it('creates nothing again after the store was emptied', async () => {
  const proxies = audited();
  await proxies.restart();
  await loseKeys(proxies, proxies.empty);
  expect(customers()).toHaveLength(41);
  expect(proxies.alarms).toHaveLength(1);
  await proxies.stack.stop();
});

it('creates nothing again when a copy is put back that was made under guard', async () => {
  const proxies = audited();
  await proxies.restart();
  await proxies.create('lost');
  await proxies.restart(proxies.empty);
  await proxies.create('lost');
  const putBack = await proxies.backUp();
  await loseKeys(proxies, putBack);
  expect(customers()).toHaveLength(42);
  await proxies.stack.stop();
});

it.each([
  ['an older copy was put back', (proxies: Proxies) => proxies.backUp()],
  ['the store was emptied', (proxies: Proxies) => Promise.resolve(proxies.empty)],
])('creates nothing again without an audit file, under `keys guard`, after %s', async (_t, how) => {
  const proxies = new Proxies(graph.fake);
  await proxies.restart();
  const lose = await how(proxies);
  const since = new Date().toISOString();
  await loseKeys(proxies, async () => {
    await lose();
    const guarded = await proxies.keys('guard', '--since', since);
    expect(guarded).toMatchObject({ code: 0, stderr: '' });
    expect(guarded.stdout).toMatch(/^under guard until 20\S+Z: creates with a key are looked up/);
  });
  expect(customers()).toHaveLength(41);
  await proxies.stack.stop();
});

it('knows the customers of a process that was killed within a create', async () => {
  const proxies = audited({ GRAPH_ATTEMPT_TIMEOUT_MS: '1000', GRAPH_DEADLINE_MS: '4000' });
  await proxies.restart();
  const { body } = await proxies.create('key');
  const [intent = ''] = (await readFile(proxies.auditFile, 'utf8')).split('\n', 1);
  await proxies.restart(async () => {
    await proxies.empty();
    // Only the intent has been written.
    await writeFile(proxies.auditFile, `${intent}\n`);
  });
  // Its attempt may still run, for as long as the deadline.
  let again = await proxies.create('key');
  while (again.status === 504) again = await proxies.create('key');
  expect(idsOf([again])).toEqual([[201, body['id']]]);
  expect(Date.now() - Date.parse(String(jsonObject(intent)['time']))).toBeGreaterThan(4000);
  expect(customers()).toHaveLength(1);
  await proxies.stack.stop();
});

it.each<[string, (proxies: Proxies) => Promise<unknown>]>([
  ['nothing was lost', () => Promise.resolve()],
  [
    'the audit names no key within the retention',
    async (proxies) => {
      await proxies.empty();
      await moveAudit(proxies, -25 * HOUR_MS);
    },
  ],
  [
    'the audit ends before the last change of the store',
    async (proxies) => {
      await moveAudit(proxies, -HOUR_MS);
      const text = await readFile(proxies.auditFile, 'utf8');
      await writeFile(
        proxies.auditFile,
        text.replaceAll(/"keyDigest":"[^"]+"/g, '"keyDigest":"x"'),
      );
    },
  ],
  [
    'there is no audit file',
    async (proxies) => {
      await proxies.empty();
      await writeFile(proxies.auditFile, '');
    },
  ],
])('sets no guard when %s', async (_title, change) => {
  const proxies = audited();
  await proxies.restart();
  await proxies.create('created');
  // The store keeps no record of a key whose create was refused.
  graph.fake.script([respond(400, graphError('BadRequest'))]);
  expect((await proxies.create('refused')).status).toBe(400);
  const before = proxies.lists;
  await proxies.restart(() => change(proxies));
  expect((await proxies.create('refused')).status).toBe(201);
  expect([proxies.alarms.length, proxies.lists - before]).toEqual([0, 0]);
  await proxies.stack.stop();
});

it('sets no guard when an operator has freed the last key', async () => {
  const proxies = audited();
  await proxies.restart();
  graph.fake.script([resetBefore(), respond(403, graphError('ErrorAccessDenied'))]);
  expect((await proxies.create('lost')).status).toBe(504);
  const [digest = ''] = (await proxies.keys('unknown')).stdout.split('\t', 1);
  expect(await proxies.keys('resolve', digest, '--not-created')).toMatchObject({ code: 0 });
  await proxies.restart();
  expect((await proxies.create('lost')).status).toBe(201);
  expect([proxies.alarms.length, customers().length]).toEqual([0, 1]);
  await proxies.stack.stop();
});

async function moveAudit({ auditFile }: Proxies, ms: number): Promise<void> {
  const text = await readFile(auditFile, 'utf8');
  const moved = text.replaceAll(
    /"time":"([^"]+)"/g,
    (_, time: string) => `"time":"${new Date(Date.parse(time) + ms).toISOString()}"`,
  );
  await writeFile(auditFile, moved);
}
