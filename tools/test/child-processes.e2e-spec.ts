import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { killAfterTest } from './child-processes.ts';

/** Starts another process, prints its id, and waits. */
const PARENT = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
  process.stdout.write(child.pid + '\\n');
`;
let closed: Promise<unknown> | undefined;

describe('a process that a test leaves behind', () => {
  it('runs while the test does', async () => {
    const parent = spawn(process.execPath, ['-e', PARENT], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    killAfterTest(parent);
    closed = once(parent, 'close');
    const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    expect(process.kill(Number(value), 0)).toBe(true);
  });

  it('is killed after the test, with the processes that it has started', async () => {
    // The other process has the output too, so this says that both have ended.
    await expect(closed).resolves.toEqual([null, 'SIGKILL']);
  });
});
