import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from '@jest/globals';
import { SilentServer } from './silent-server.ts';
import { isReady } from './hanging.ts';
import { Stack } from './stack.ts';

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Stack.stopAll();
  for (const cleanup of cleanups) await cleanup();
});

describe('probes', () => {
  it('write to the store once in a second, however many there are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'probe-writes-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    const path = join(folder, 'state.db');
    const stack = await Stack.start({ STATE_URL: `sqlite:${path}` });
    await stack.readyWhen(isReady);
    const reader = new DatabaseSync(path, { readOnly: true });
    // Changes with each commit of another connection.
    const version = reader.prepare('PRAGMA data_version');
    const seen = new Set<unknown>();
    const beganMs = performance.now();
    for (let asked = 0; asked < 500; asked += 1) {
      await stack.get('/readyz');
      seen.add(version.get()?.['data_version']);
    }
    reader.close();
    // The first is what was there before.
    expect(seen.size - 1).toBeLessThanOrEqual(1 + (performance.now() - beganMs) / 1000);
  });

  it('say ready while a token for Graph is held, also when no other could be had', async () => {
    const endpoint = new SilentServer();
    const stack = await Stack.start({ AZURE_AUTHORITY_HOST: await endpoint.start() });
    cleanups.push(() => endpoint.stop());
    endpoint.speak((path) => `${stack.fake.url}${path}`);
    await stack.readyWhen(isReady);
    const { asked } = endpoint;
    await endpoint.stop();
    const beganMs = performance.now();
    while (performance.now() - beganMs < 1500)
      expect(isReady(await stack.get('/readyz'))).toBe(true);
    expect(endpoint.asked).toBe(asked);
  });
});
