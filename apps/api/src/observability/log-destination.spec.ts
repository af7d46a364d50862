import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readFileSync, watch } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NamedPipe } from '../audit/named-pipe.fixture.ts';
import { LogDestination } from './log-destination.ts';
import { createLog } from './logging.ts';

/** More than a pipe holds (64 KiB), so that writing waits for reading. */
const COUNT = 5000;
const line = (index: number) => `{"line":${index},"text":"${'é'.repeat(20)}"}\n`;

// Descriptors stay open: a destination may still write, and the descriptor might be reused.
let folder: string;
let pipe: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lines-'));
  pipe = join(folder, 'pipe');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** The stdout of a child process. */
async function outputOf(script: string): Promise<string> {
  const module = new URL('./log-destination.ts', import.meta.url).href;
  const whole = `import { LogDestination } from '${module}';${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', whole], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(child, 'close');
  return text;
}

/** Resolves with the error of a flush, if it failed. */
function flushOf(destination: LogDestination): Promise<Error | undefined> {
  const { promise, resolve } = Promise.withResolvers<Error | undefined>();
  destination.flush(resolve);
  return promise;
}

describe('LogDestination', () => {
  it('writes every line completely and in order to a slow reader', async () => {
    const reader = new NamedPipe(pipe);
    // Opened for reading too, so that opening does not block.
    const descriptor = openSync(pipe, constants.O_RDWR);
    const destination = new LogDestination(descriptor);
    for (let index = 0; index < COUNT; index += 1) destination.write(line(index));
    expect(await reader.lines(COUNT)).toEqual(
      Array.from({ length: COUNT }, (_none, index) => line(index).trimEnd()),
    );
    destination.write(line(COUNT));
    expect(await reader.lines(1)).toEqual([line(COUNT).trimEnd()]);
    await reader.close();
  });

  it('keeps at most 8 MiB for a reader that does not read, without blocking the event loop', async () => {
    const reader = new NamedPipe(pipe);
    const descriptor = openSync(pipe, constants.O_RDWR);
    const destination = new LogDestination(descriptor);
    const large = `${'x'.repeat(1_048_575)}\n`;
    const flushed: Promise<Error | undefined>[] = [];
    for (let index = 0; index < 20; index += 1) {
      destination.write(large);
      flushed.push(flushOf(destination));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const kept = flushed.slice(0, 8);
    for (const dropped of flushed.slice(8)) expect(await dropped).toBeInstanceOf(Error);
    // Kept lines are complete.
    for (const each of await reader.lines(8)) expect(each).toHaveLength(1_048_575);
    expect(await Promise.all(kept)).toEqual(Array(8).fill(undefined));
    await reader.close();
  });

  it('reports a written line even while every turn of the event loop adds lines', async () => {
    const descriptor = openSync(join(folder, 'lines'), 'w');
    const destination = new LogDestination(descriptor);
    let isOver = false;
    const busy = () => {
      destination.write(line(0));
      if (!isOver) setImmediate(busy);
    };
    busy();
    for (let index = 0; index < 100; index += 1) {
      destination.write(line(index));
      await new Promise<void>((resolve, reject) => {
        destination.flush((error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    }
    isOver = true;
  });

  it('does not end the process when the reader has closed the pipe', async () => {
    execFileSync('mkfifo', [pipe]);
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const descriptor = openSync(pipe, constants.O_WRONLY);
    const log = createLog('info', new LogDestination(descriptor));
    log.write('ready');
    closeSync(reader);
    const flushed = new Promise((resolve) => {
      log.write('stopped');
      log.flush(resolve);
    });
    expect(await flushed).toMatchObject({ code: 'EPIPE' });
  });

  it('retries a failed write', async () => {
    const file = join(folder, 'lines.jsonl');
    const text = await outputOf(`
      import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
      const flush = () => new Promise((resolve) => destination.flush(resolve));
      writeFileSync('${file}', '');
      const readOnly = openSync('${file}', 'r');
      const destination = new LogDestination(readOnly);
      destination.write('first\\n');
      const error = await flush();
      closeSync(readOnly);
      // The lowest free descriptor, which is the same one.
      const writable = openSync('${file}', 'a');
      destination.write('second\\n');
      await flush();
      process.stdout.write(JSON.stringify([
        error.code, writable === readOnly, readFileSync('${file}', 'utf8')]));`);
    expect(JSON.parse(text)).toEqual(['EBADF', true, 'first\nsecond\n']);
  });

  it('writes the buffer before the process exits', async () => {
    const text = await outputOf(`
      const destination = new LogDestination(1);
      for (let index = 0; index < ${COUNT}; index += 1) destination.write(\`\${index}\\n\`);
      process.exit(0);`);
    // A write in progress may complete after the buffered lines.
    const numbers = text.trimEnd().split('\n').map(Number);
    expect(numbers.sort((one, other) => one - other)).toEqual(
      Array.from({ length: COUNT }, (_none, index) => index),
    );
  });

  it('writes a line that no flush follows, and several at once', async () => {
    const file = join(folder, 'lines');
    const descriptor = openSync(file, 'w');
    const destination = new LogDestination(descriptor);
    destination.write('first\n');
    destination.write('second\n');
    expect(readFileSync(file, 'utf8')).toBe('');
    const reader = watch(file);
    await once(reader, 'change');
    reader.close();
    expect(readFileSync(file, 'utf8')).toBe('first\nsecond\n');
  });
});
