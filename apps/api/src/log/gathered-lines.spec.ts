import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NamedPipe } from '../audit/named-pipe.fixture.ts';
import { GatheredLines } from './gathered-lines.ts';

/** More than a pipe holds (64 KiB), so that writing must wait for reading. */
const COUNT = 5000;
const line = (index: number) => `{"line":${index},"text":"${'é'.repeat(20)}"}\n`;

let folder: string;
let pipe: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lines-'));
  pipe = join(folder, 'pipe');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('GatheredLines', () => {
  it('writes every line whole and in its order, however slowly they are read', async () => {
    const reader = new NamedPipe(pipe);
    // With a reader and a writer, so that opening does not wait.
    const descriptor = openSync(pipe, constants.O_RDWR);
    const lines = new GatheredLines(descriptor);
    for (let index = 0; index < COUNT; index += 1) lines.write(line(index));
    expect(await reader.lines(COUNT)).toEqual(
      Array.from({ length: COUNT }, (_none, index) => line(index).trimEnd()),
    );
    lines.write(line(COUNT));
    expect(await reader.lines(1)).toEqual([line(COUNT).trimEnd()]);
    closeSync(descriptor);
    await reader.close();
  });

  it('goes on without a word when nobody reads any more', async () => {
    execFileSync('mkfifo', [pipe]);
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const descriptor = openSync(pipe, constants.O_WRONLY);
    const lines = new GatheredLines(descriptor);
    lines.write(line(0));
    closeSync(reader);
    for (let index = 0; index < 3; index += 1) {
      lines.write(line(index));
      await new Promise((resolve) => setImmediate(resolve));
    }
    closeSync(descriptor);
  });

  it('writes what waits before the process ends', async () => {
    const module = new URL('./gathered-lines.ts', import.meta.url).href;
    const script = `
      const { GatheredLines } = await import('${module}');
      const lines = new GatheredLines(1);
      for (let index = 0; index < ${COUNT}; index += 1) lines.write(\`\${index}\\n\`);
      process.exit(0);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    await once(child, 'close');
    expect(text).toBe(Array.from({ length: COUNT }, (_none, index) => `${index}\n`).join(''));
  });
});
