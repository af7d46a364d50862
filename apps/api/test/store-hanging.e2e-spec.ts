import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { NO_LINGER, silenceAfter } from './faults.ts';
import { Stack } from './stack.ts';
import { onTeardown } from './teardown.ts';
import { temporaryFolder } from './temporary-folder.ts';

it('answers at the deadline while the store is opened and the disk hangs', async () => {
  const folder = join(temporaryFolder(), 'var');
  const file = join(folder, 'state.db');
  mkdirSync(folder, { mode: 0o700 });
  // The process starts without its store, and opens it later.
  writeFileSync(file, 'no database');
  const stack = await Stack.start({
    ...NO_LINGER,
    STATE_URL: `sqlite:${file}`,
    GRAPH_DEADLINE_MS: '1500',
    GRAPH_ATTEMPT_TIMEOUT_MS: '500',
  });
  rmSync(file);
  // Opening a pipe takes until another process opens it too.
  execFileSync('mkfifo', [file]);
  onTeardown(() => {
    closeSync(openSync(file, 'r+'));
  });
  await stack.readyWhen(({ text }) => text.includes('the store cannot be used in time'));
  const headers = { 'idempotency-key': 'hanging' };
  const keyed = await stack.create({ headers });
  expect([keyed.status, keyed.innerError['outcome']]).toEqual([503, 'not-sent']);
  stack.fake.script([silenceAfter()]);
  const lost = await stack.create();
  expect([lost.status, lost.innerError['outcome']]).toEqual([504, 'unknown']);
});
