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

/** What tells the records of a file from each other, in their order. */
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
  it('keeps every record whole and in its order, however many come at once', async () => {
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
    // Each append waits for the disk, which others may use.
  }, 60_000);

  it('makes a file that its owner alone can read', async () => {
    await append('a');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('goes on in the new file after a rotation', async () => {
    await append('a');
    await rename(path, `${path}.1`);
    await append('b');
    expect([await idsIn(`${path}.1`), await idsIn()]).toEqual([['a'], ['b']]);
  });

  it.each([
    ['nothing', '', ''],
    ['whole lines', '{}\n{}\n', ''],
    ['half a line', '{}\n{"auditId":"', '\n'],
  ])('begins on a line of its own after %s', async (_title, before, between) => {
    await writeFile(path, before);
    await append('a', 'b');
    await append('c');
    const text = await readFile(path, 'utf8');
    expect(text.startsWith(`${before}${between}{`)).toBe(true);
    expect(ids(text.slice(before.length + between.length))).toEqual(['a', 'b', 'c']);
  });

  it('closes half a line that a failure left, and no other', async () => {
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
      'a folder is in its place',
      'EISDIR',
      () => mkdir(path).then(() => undefined),
      () => rm(path, { recursive: true }),
    ],
  ])('refuses records while %s, says so, and recovers', async (_title, code, spoil, mend) => {
    await spoil();
    await expect(append('a')).rejects.toThrow(code);
    const reason = `writes are refused: the audit file cannot be written (${code})`;
    expect([await audit.unavailable(), await audit.unavailable()]).toEqual([reason, reason]);
    await mend();
    expect(await audit.unavailable()).toBeUndefined();
    await append('b');
    expect(await idsIn()).toEqual(['b']);
  });

  it('says that the file cannot be written before the first record', async () => {
    await rm(folder, { recursive: true });
    expect(await audit.unavailable()).toContain('ENOENT');
    await mkdir(folder);
  });

  it('leaves nothing in a file that it only looks at', async () => {
    await writeFile(path, '{}\n');
    expect([await audit.unavailable(), await audit.unavailable()]).toEqual([undefined, undefined]);
    expect(await readFile(path, 'utf8')).toBe('{}\n');
  });

  it('appends at once what arrives while an append is under way', async () => {
    const first = append('a');
    let kept = 0;
    const others = Array.from({ length: 100 }, async (_, index) => {
      await append(`b${index}`);
      kept += 1;
    });
    await others[0];
    await turn();
    expect(kept).toBe(100);
    await first;
  });
});

describe('AuditFile, while the file takes nothing', () => {
  let pipe: NamedPipe;
  beforeEach(() => {
    pipe = new NamedPipe(path);
  });
  afterEach(() => pipe.close());

  it('gives up after its patience, and never appends what had not begun by then', async () => {
    audit = new AuditFile(path, 50);
    const [begun, waiting] = [append('a'), append('b')];
    await expect(begun).rejects.toThrow('the file took nothing within 50 ms');
    await expect(waiting).rejects.toThrow('the file took nothing within 50 ms');
    expect(await audit.unavailable()).toBe('writes are refused: the audit file cannot be written');
    expect((await pipe.lines(1)).map(idOf)).toEqual(['a']);
    await append('c');
    expect((await pipe.lines(1)).map(idOf)).toEqual(['c']);
  });

  it('lets 10,000 records wait and no more', async () => {
    const first = append('a');
    const others = append(...Array.from({ length: 10_000 }, () => 'b'));
    await expect(append('c')).rejects.toThrow('too many records wait');
    expect(await pipe.lines(10_001)).toHaveLength(10_001);
    await Promise.all([first, others]);
  });

  it('is closed only when what was appended is kept', async () => {
    const order: string[] = [];
    const appended = append('a').then(() => order.push('kept'));
    const closing = audit.close().then(() => order.push('closed'));
    await pipe.lines(1);
    await Promise.all([appended, closing]);
    expect(order).toEqual(['kept', 'closed']);
  });
});
