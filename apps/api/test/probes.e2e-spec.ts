import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing';
import { customersPath } from './documented.ts';
import { type HangingDependency, auditFile, isReady, postgres, silent, sqlite } from './hanging.ts';
import { onTeardown } from './teardown.ts';

const UNKNOWN = 'bookings_idempotency_keys_unknown';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
  onTeardown(() => server.stop());
});
let dependency: HangingDependency | undefined;
afterEach(async () => {
  server.thaw();
  await dependency?.stack.stop();
});

type Row = readonly [title: string, status: number, start: () => Promise<HangingDependency>];
const STORES: readonly Row[] = [
  ['PostgreSQL hangs', 200, () => postgres(server)],
  ['the SQLite file is locked', 200, sqlite],
];

describe.each<Row>([
  ...STORES,
  ['the audit file hangs', 200, auditFile],
  [
    'the token endpoint does not respond',
    503,
    silent('AZURE_AUTHORITY_HOST', 'Not ready: the token endpoint does not answer in time.'),
  ],
  [
    'the server of the key set does not respond',
    503,
    silent('AUTH_JWKS_URL', 'Not ready: the key set of the token issuers cannot be read in time.'),
  ],
])('while %s, probes', (_title, status, start) => {
  it('are answered within 500 ms and share one request to it', async () => {
    dependency = await start();
    const { stack, message, hang, release, requestCount, isPending } = dependency;
    await hang();
    const [before, hungAtMs] = [requestCount?.(), performance.now()];
    // On a busy machine some responses may be slow.
    const tookMs: number[] = [];
    while (tookMs.length < 5) {
      const beganMs = performance.now();
      const response = await stack.get('/readyz');
      // The cached result is from before the hang. A busy machine delays other dependencies too.
      if (!response.text.includes(message)) continue;
      // The response did not wait for the dependency.
      if (tookMs.push(performance.now() - beganMs) === 1) expect(isPending?.()).not.toBe(false);
      expect(response.status).toBe(status);
    }
    expect(Math.min(...tookMs)).toBeLessThan(500);
    const paths = Array.from({ length: 250 }, () => ['/readyz', '/metrics']).flat();
    const responses = await Promise.all(paths.map((path) => stack.get(path)));
    const failed = responses.filter((response) => response.status !== 200);
    expect(failed).toHaveLength(status === 200 ? 0 : 250);
    // Each of the two probes of a store ends after 2 s or later.
    const most = 2 + (2 * (performance.now() - hungAtMs)) / 2000;
    if (before !== undefined) expect((requestCount?.() ?? 0) - before).toBeLessThanOrEqual(most);
    await release();
    await stack.readyWhen(isReady);
  });
});

describe.each(STORES)('while %s', (_title, _status, start) => {
  it('other requests are served, and the metrics omit the values of the store', async () => {
    dependency = await start();
    const { stack, message, hang, release } = dependency;
    await stack.readyWhen(isReady);
    expect((await stack.get('/metrics')).text).toContain(`\n${UNKNOWN} 0\n`);
    // With PostgreSQL the mailbox needs a permit, which a process keeps while the server is away.
    expect((await stack.request('GET', customersPath())).status).toBe(200);
    await hang();
    const keyed = stack.create({ headers: { 'idempotency-key': crypto.randomUUID() } });
    const others = (async () => {
      const { text } = await stack.get('/metrics');
      const [created, read] = [await stack.create(), await stack.request('GET', customersPath())];
      return [text.includes(UNKNOWN), created.status, read.status];
    })();
    // The store fails after 2 s. Other requests do not wait for it.
    expect(await Promise.race([keyed, others])).toEqual([false, 201, 200]);
    expect([(await keyed).status, (await keyed).innerError['outcome']]).toEqual([503, 'not-sent']);
    await stack.readyWhen(({ text }) => text.includes(message));
    await release();
    await stack.metricIs(UNKNOWN, 0);
  });
});
