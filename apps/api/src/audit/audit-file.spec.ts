import { mkdtemp, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isObject } from '@bookings/domain';
import fc from 'fast-check';
import { AuditFile } from './audit-file.ts';
import { intent } from './audit-record.fixture.ts';
import { NamedPipe } from './named-pipe.fixture.ts';

let folder: string;
let path: string;
let audit: AuditFile;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  path = join(folder, 'audit.jsonl');
  audit = new AuditFile(path);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** The `auditId` of each record, in order. */
async function idsIn(file = path): Promise<unknown[]> {
  return ids(await readFile(file, 'utf8'));
}
function ids(text: string): unknown[] {
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n').map(idOf);
}
function idOf(line: string): unknown {
  const record: unknown = JSON.parse(line);
  return isObject(record) ? record['auditId'] : undefined;
}
const append = (...auditIds: string[]) =>
  Promise.all(auditIds.map((auditId) => audit.append(intent(auditId))));

describe('AuditFile', () => {
  it('writes concurrent records completely and in order', async () => {
    const bursts = fc.array(fc.array(fc.string({ unit: 'binary' })), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(bursts, async (given) => {
        await rm(path, { force: true });
        await append('first');
        for (const burst of given) await append(...burst);
        expect(await idsIn()).toEqual(['first', ...given.flat()]);
      }),
      { numRuns: 25 },
    );
    // Each append waits for the disk.
  }, 60_000);

  it('creates a file that only its owner can read', async () => {
    await append('a');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('writes to the new file after a rotation', async () => {
    await append('a');
    await rename(path, `${path}.1`);
    await append('b');
    expect([await idsIn(`${path}.1`), await idsIn()]).toEqual([['a'], ['b']]);
  });

  it.each([
    ['nothing', '', ''],
    ['whole lines', '{}\n{}\n', ''],
    ['a partial line', '{}\n{"auditId":"', '\n'],
  ])('starts on a new line after %s', async (_title, before, between) => {
    await writeFile(path, before);
    await append('a', 'b');
    await append('c');
    const text = await readFile(path, 'utf8');
    expect(text.startsWith(`${before}${between}{`)).toBe(true);
    expect(ids(text.slice(before.length + between.length))).toEqual(['a', 'b', 'c']);
  });

  it('ends a partial line that a failure left, and no other line', async () => {
    await append('a');
    await rename(path, `${path}.1`);
    await symlink('/dev/full', path);
    await expect(append('b')).rejects.toThrow('ENOSPC');
    await rm(path);
    await writeFile(path, '{"auditId":"b');
    await append('c');
    await append('d');
    expect(await readFile(path, 'utf8')).toMatch(/^\{"auditId":"b\n\{.*\}\n\{.*\}\n$/);
  });

  it.each<[string, string, () => Promise<void>, () => Promise<void>]>([
    ['the disk is full', 'ENOSPC', () => symlink('/dev/full', path), () => rm(path)],
    [
      'the folder is gone',
      'ENOENT',
      () => rm(folder, { recursive: true }),
      () => mkdir(folder).then(() => undefined),
    ],
    [
      'the folder is a file',
      'ENOTDIR',
      () => rm(folder, { recursive: true }).then(() => writeFile(folder, '')),
      () =>
        rm(folder)
          .then(() => mkdir(folder))
          .then(() => undefined),
    ],
    [
      'the path is a folder',
      'EISDIR',
      () => mkdir(path).then(() => undefined),
      () => rm(path, { recursive: true }),
    ],
  ])('rejects records while %s, reports it, and recovers', async (_title, code, spoil, mend) => {
    await spoil();
    await expect(append('a')).rejects.toThrow(code);
    const reason = `writes are refused: the audit file cannot be written (${code})`;
    expect([await audit.unavailable(), await audit.unavailable()]).toEqual([reason, reason]);
    await mend();
    expect(await audit.unavailable()).toBeUndefined();
    await append('b');
    expect(await idsIn()).toEqual(['b']);
  });

  it('reports before the first record that the file cannot be written', async () => {
    await rm(folder, { recursive: true });
    expect(await audit.unavailable()).toContain('ENOENT');
    await mkdir(folder);
  });

  it('does not change the file when it only probes it', async () => {
    await writeFile(path, '{}\n');
    expect([await audit.unavailable(), await audit.unavailable()]).toEqual([undefined, undefined]);
    expect(await readFile(path, 'utf8')).toBe('{}\n');
  });

  it('appends records together that arrive during an append', async () => {
    const first = append('a');
    let written = 0;
    const others = Array.from({ length: 100 }, async (_, index) => {
      await append(`b${index}`);
      written += 1;
    });
    await others[0];
    await turn();
    expect(written).toBe(100);
    await first;
  });
});

describe('AuditFile, while writes to the file block', () => {
  let pipe: NamedPipe;
  beforeEach(() => {
    pipe = new NamedPipe(path);
  });
  afterEach(() => pipe.close());

  it('rejects a record after the timeout, and never appends it later', async () => {
    audit = new AuditFile(path, 2000);
    const [running, waiting] = [append('a'), append('b')];
    await expect(running).rejects.toThrow('the file could not be written within 2000 ms');
    await expect(waiting).rejects.toThrow('the file could not be written within 2000 ms');
    expect(await audit.unavailable()).toBe('writes are refused: the audit file cannot be written');
    expect((await pipe.lines(1)).map(idOf)).toEqual(['a']);
    await append('c');
    expect((await pipe.lines(1)).map(idOf)).toEqual(['c']);
  });

  it('lets at most 10,000 records wait', async () => {
    const first = append('a');
    const others = append(...Array.from({ length: 10_000 }, () => 'b'));
    await expect(append('c')).rejects.toThrow('too many records are waiting');
    expect(await pipe.lines(10_001)).toHaveLength(10_001);
    await Promise.all([first, others]);
  });

  it('closes only after every appended record is written', async () => {
    const order: string[] = [];
    const appended = append('a').then(() => order.push('written'));
    const closing = audit.close().then(() => order.push('closed'));
    await pipe.lines(1);
    await Promise.all([appended, closing]);
    expect(order).toEqual(['written', 'closed']);
  });
});
