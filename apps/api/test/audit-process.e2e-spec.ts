import { readFile, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { AuditFolder } from './audit-folder.ts';
import { silenceBefore } from './faults.ts';
import { useProxyProcess, MAIN } from './proxy-process.ts';
import { TcpRelay } from './tcp-relay.ts';

const launcher = useProxyProcess();
let folder: AuditFolder;
beforeEach(() => {
  folder = new AuditFolder();
});

describe('the audit of the production process', () => {
  it('has an outcome for every request that was running at SIGTERM', async () => {
    const { fake } = launcher;
    const relay = new TcpRelay();
    const proxy = await launcher.start({
      AUDIT_FILE: folder.file,
      ...(await relay.graphSettings(fake)),
    });
    fake.script([{ kind: 'pass' }, silenceBefore()]);
    relay.hold();
    const finishing = proxy.create();
    await fake.arrived(1);
    const caller = new AbortController();
    const aborted = proxy.create({ signal: caller.signal });
    await fake.arrived(2);
    proxy.child.kill('SIGTERM');
    caller.abort();
    await expect(aborted).rejects.toThrow();
    relay.release();
    expect((await finishing).status).toBe(201);
    expect(await proxy.exit).toEqual([0, null]);
    const outcomes = (await folder.records()).filter(({ record }) => record === 'outcome');
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['done', 'unknown']);
  });

  it('has an outcome for a request that was cut off after the grace period', async () => {
    const env = { AUDIT_FILE: folder.file, SHUTDOWN_GRACE_MS: '100' };
    const proxy = await launcher.start(env);
    launcher.fake.script([silenceBefore()]);
    const creating = proxy.create();
    await launcher.fake.arrived(1);
    proxy.child.kill('SIGTERM');
    await expect(creating).rejects.toThrow();
    expect(await proxy.exit).toEqual([1, null]);
    expect(await folder.records()).toMatchObject([
      { record: 'intent' },
      { record: 'outcome', outcome: 'unknown', attempts: 1 },
    ]);
  });

  it('ends the partial line that a full disk left, and continues after it', async () => {
    // Two blocks of 512 bytes have room for an intent and an outcome. A third record fits in part.
    const command = [
      '/bin/sh',
      '-c',
      'ulimit -f 2; exec "$0" "$1"',
      process.execPath,
      MAIN,
    ] as const;
    const proxy = await launcher.start({ AUDIT_FILE: folder.file }, { command });
    expect((await proxy.create()).status).toBe(201);
    expect((await proxy.create()).status).toBe(503);
    const full = await readFile(folder.file, 'utf8');
    expect(full).toHaveLength(1024);
    expect(full.endsWith('\n')).toBe(false);
    // The check of readiness is queued behind every record, so that all of them are written now.
    expect((await proxy.get('/readyz')).text).toContain('degraded');
    const partial = full.slice(full.lastIndexOf('\n') + 1).slice(0, 40);
    await writeFile(folder.file, partial);
    expect((await proxy.create()).status).toBe(201);
    expect((await folder.text()).startsWith(`${partial}\n{`)).toBe(true);
    expect((await folder.records()).map(({ record }) => record)).toEqual([
      undefined,
      'intent',
      'outcome',
    ]);
  });
});
