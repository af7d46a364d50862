import { describe, expect, it } from '@jest/globals';
import { isReady, lockableSqlite } from './hanging.ts';
import { SilentServer } from './silent-server.ts';
import { Stack } from './stack.ts';

describe('probes', () => {
  it('write to the store at most once a second', async () => {
    const { stack, lock } = await lockableSqlite();
    // The version changes with each commit of another connection.
    const version = lock.prepare('PRAGMA data_version');
    const seen = new Set<unknown>();
    const beganMs = performance.now();
    for (let count = 0; count < 500; count += 1) {
      await stack.get('/readyz');
      seen.add(version.get()?.['data_version']);
    }
    lock.close();
    // The first version is from before the probes.
    expect(seen.size - 1).toBeLessThanOrEqual(1 + (performance.now() - beganMs) / 1000);
  });

  it('report ready while the proxy has a token for Graph, even if the token endpoint is down', async () => {
    const endpoint = new SilentServer();
    const stack = await Stack.start({ AZURE_AUTHORITY_HOST: await endpoint.start() });
    endpoint.forward((path) => `${stack.fake.url}${path}`);
    await stack.readyWhen(isReady);
    const { received } = endpoint;
    await endpoint.stop();
    const beganMs = performance.now();
    // A busy machine may still report a slow store, which is only degraded.
    while (performance.now() - beganMs < 1500)
      expect((await stack.get('/readyz')).status).toBe(200);
    expect(endpoint.received).toBe(received);
  });
});
