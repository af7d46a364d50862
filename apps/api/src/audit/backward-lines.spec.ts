import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backwardLines } from './backward-lines.ts';
import { NamedPipe } from './named-pipe.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'backward-lines-'));
const file = join(folder, 'lines');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Also ends a wait for the pipe. */
let onTestEnd = () => Promise.resolve();
afterEach(() => onTestEnd());

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

function linesOf(text: string, chunkBytes?: number, maxLineBytes?: number): Promise<string[]> {
  writeFileSync(file, text);
  return all(backwardLines(file, chunkBytes, maxLineBytes));
}

describe('lines from the end of a file', () => {
  it.each([
    ['an empty file', '', []],
    ['whole lines', 'one\ntwo\n', ['', 'two', 'one']],
    ['a last line that is torn', 'one\ntw', ['tw', 'one']],
    ['empty lines', '\n\none\n', ['', 'one', '']],
  ])('are those of %s', async (_title, text, lines) => {
    expect(await linesOf(text)).toEqual(lines);
  });

  it.each([
    ['at the end', `one\n${'x'.repeat(50)}`, ['one']],
    ['at the beginning', `${'x'.repeat(50)}\none\n`, ['', 'one']],
    ['between others', `one\n${'x'.repeat(50)}\ntwo\n`, ['', 'two', 'one']],
  ])('leave out a line that is too long, %s', async (_title, text, lines) => {
    for (const chunkBytes of [1, 7, 20, 100]) {
      expect(await linesOf(text, chunkBytes, 10)).toEqual(lines);
    }
  });

  it('are all lines of any text, whatever is read at once', async () => {
    const text = fc.array(fc.string({ unit: 'grapheme', maxLength: 9 })).map((t) => t.join('\n'));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 12 }), async (value, chunkBytes) => {
        const lines = value.toWellFormed().split('\n').toReversed();
        const [first] = lines.slice(-1);
        // Nothing before the first line break is no line.
        const expected = first === '' ? lines.slice(0, -1) : lines;
        expect(await linesOf(value.toWellFormed(), chunkBytes)).toEqual(expected);
      }),
    );
  });

  it('are none of a file that does not exist', async () => {
    expect(await all(backwardLines(join(folder, 'none')))).toEqual([]);
  });

  it('are none of a pipe, whose writer is not waited for', async () => {
    const pipe = new NamedPipe(join(folder, 'pipe'));
    onTestEnd = () => pipe.close();
    expect(await all(backwardLines(pipe.path))).toEqual([]);
  });

  it('end with an error when the file becomes shorter', async () => {
    writeFileSync(file, 'one\ntwo\n');
    const lines = backwardLines(file, 4);
    expect(await lines.next()).toMatchObject({ value: '' });
    truncateSync(file, 2);
    await expect(lines.next()).rejects.toThrow('the file became shorter while it was read');
  });
});
