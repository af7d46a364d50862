import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GraphFake } from '@bookings/graph-fake';
import { AuditFolder } from './audit-folder.ts';
import { serve } from './production-process.ts';
import { CREATE_PERMISSION, DOCUMENTED_REQUEST, customersPath } from './stack.ts';

let fake: GraphFake;
let folder: AuditFolder;
beforeAll(async () => {
  fake = await GraphFake.start();
});
afterAll(async () => {
  await fake.close();
});
beforeEach(async () => {
  fake.forget();
  folder = await AuditFolder.make();
});
afterEach(async () => {
  await folder.remove();
});

async function create(address: string, signal?: AbortSignal): Promise<number> {
  const token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
  const { status } = await fetch(`${address}${customersPath()}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: DOCUMENTED_REQUEST,
    ...(signal && { signal }),
  });
  return status;
}

describe('the audit of the production process', () => {
  it('has the outcome of everything that ran at SIGTERM', async () => {
    const { child, exit, address } = await serve(fake, { AUDIT_FILE: folder.file });
    fake.script([
      { kind: 'delay', delayMs: 300 },
      { kind: 'silence', when: 'before-stored' },
    ]);
    const finishing = create(address);
    await fake.arrived(1);
    const caller = new AbortController();
    const leaving = create(address, caller.signal);
    await fake.arrived(2);
    child.kill('SIGTERM');
    caller.abort();
    await expect(leaving).rejects.toThrow();
    expect(await finishing).toBe(201);
    expect(await exit).toEqual([0, null]);
    const outcomes = (await folder.records()).filter(({ record }) => record === 'outcome');
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['done', 'unknown']);
  });

  it('has the outcome of what was cut off after the grace', async () => {
    const env = { AUDIT_FILE: folder.file, SHUTDOWN_GRACE_MS: '100' };
    const { child, exit, address } = await serve(fake, env);
    fake.script([{ kind: 'silence', when: 'before-stored' }]);
    const running = create(address);
    await fake.arrived(1);
    child.kill('SIGTERM');
    await expect(running).rejects.toThrow();
    expect(await exit).toEqual([1, null]);
    expect(await folder.records()).toMatchObject([
      { record: 'intent' },
      { record: 'outcome', outcome: 'unknown', attempts: 1 },
    ]);
  });

  it('closes the half line of a disk that was full, and goes on after it', async () => {
    // Two blocks of 512 bytes: an intent and an outcome fit, a third record not as a whole.
    const { address } = await serve(fake, { AUDIT_FILE: folder.file }, 'ulimit -f 2');
    expect(await create(address)).toBe(201);
    expect(await create(address)).toBe(503);
    const full = await readFile(folder.file, 'utf8');
    expect(full).toHaveLength(1024);
    expect(full.endsWith('\n')).toBe(false);
    // Asked behind all that is still to be appended, the outcome of the refused write among it.
    expect(await (await fetch(`${address}/readyz`)).text()).toContain('degraded');
    const half = full.slice(full.lastIndexOf('\n') + 1).slice(0, 40);
    await writeFile(folder.file, half);
    expect(await create(address)).toBe(201);
    expect((await folder.text()).startsWith(`${half}\n{`)).toBe(true);
    expect((await folder.records()).map(({ record }) => record)).toEqual([
      undefined,
      'intent',
      'outcome',
    ]);
  });
});
