import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { blocks } from '../src/documents.fixture.ts';
import { AuditFolder } from './audit-folder.ts';
import { newKey } from './idempotent-requests.ts';
import { jsonObject } from './json.ts';
import { runKeys } from './keys-process.ts';
import { useProxyProcess } from './proxy-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const CALLERS = 3;
const ROTATIONS = 2;
const HAS_LOGROTATE = spawnSync('logrotate', ['--version']).status === 0;
const launcher = useProxyProcess({ workMs: 5 });

/** Rotates the file with the configuration of the page, or without logrotate by its renames. */
function rotate(audit: AuditFolder): void {
  if (!HAS_LOGROTATE) {
    if (existsSync(`${audit.file}.1`)) renameSync(`${audit.file}.1`, `${audit.file}.2`);
    renameSync(audit.file, `${audit.file}.1`);
    return;
  }
  const [page = ''] = blocks('docs/audit.md', '', 'Rotate');
  const [config, state] = ['logrotate.conf', 'state'].map((name) => join(audit.path, name));
  writeFileSync(config ?? '', page.replace('/var/lib/bookings/audit.jsonl', audit.file));
  const args = ['--force', '--state', state ?? '', config ?? ''];
  const { status, stderr } = spawnSync('logrotate', args, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
}

/** The records of a file that may be compressed. */
function recordsOf(path: string): Record<string, unknown>[] {
  const isCompressed = !existsSync(path);
  const bytes = readFileSync(isCompressed ? `${path}.gz` : path);
  const text = (isCompressed ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.trimEnd().split('\n').map(jsonObject);
}

it('loses no record when the audit is rotated under load, and the command reads its files', async () => {
  const audit = new AuditFolder();
  const STATE_URL = `sqlite:${join(temporaryFolder(), 'state.db')}`;
  const STATE_SECRET = 'a secret that is long enough';
  const proxy = await launcher.start({ AUDIT_FILE: audit.file, STATE_URL, STATE_SECRET });
  let created = 0;
  let goal = 0;
  const isReached = async (count: number) => {
    goal += count;
    const callers = Array.from({ length: CALLERS }, async () => {
      while (created < goal) {
        const key = newKey();
        const body = JSON.stringify({ displayName: key });
        const { status } = await proxy.create({ body, headers: { 'idempotency-key': key } });
        expect(status).toBe(201);
        created += 1;
      }
    });
    await Promise.all(callers);
  };
  for (let rotation = 0; rotation < ROTATIONS; rotation += 1) {
    await isReached(20);
    const load = isReached(20);
    rotate(audit);
    await load;
  }
  await proxy.stop();

  const files = [`${audit.file}.2`, `${audit.file}.1`, audit.file].map(recordsOf);
  expect(files.map((records) => records.length > 0)).toEqual([true, true, true]);
  const idsOf = (kind: string) =>
    files
      .flatMap((records) => records.filter(({ record }) => record === kind))
      .map(({ auditId }) => auditId);
  expect(new Set(idsOf('intent')).size).toBe(created);
  expect(idsOf('outcome').toSorted()).toEqual(idsOf('intent').toSorted());
  const settings = { STATE_URL, STATE_SECRET };
  const args = ['--audit', `${audit.file}.1`, '--audit', audit.file];
  expect(await runKeys(settings, 'unknown', ...args)).toMatchObject({ code: 0, stderr: '' });
});
