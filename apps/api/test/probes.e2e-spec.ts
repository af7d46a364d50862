import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing';
import { type Hanging, auditFile, isReady, postgres, silent, sqlite } from './hanging.ts';
import { Stack, customersPath } from './stack.ts';

const UNKNOWN = 'bookings_idempotency_keys_unknown';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(async () => {
  await server.stop();
});
let hanging: Hanging | undefined;
afterEach(async () => {
  server.thaw();
  await Stack.stopAll();
  await hanging?.cleanUp();
});

type Row = readonly [title: string, status: number, start: () => Promise<Hanging>];
const STORES: readonly Row[] = [
  ['a PostgreSQL that hangs', 200, () => postgres(server)],
  ['a SQLite file that is locked', 200, sqlite],
];

describe.each<Row>([
  ...STORES,
  ['an audit file that hangs', 200, auditFile],
  [
    'a token endpoint that does not answer',
    503,
    silent('AZURE_AUTHORITY_HOST', 'Not ready: the token endpoint does not answer in time.'),
  ],
  [
    'a key set that does not answer',
    503,
    silent('AUTH_JWKS_URL', 'Not ready: the key set of the token issuers cannot be read in time.'),
  ],
])('beside %s', (_title, status, start) => {
  it('probes are answered within 500 ms, and it is asked once for all of them', async () => {
    hanging = await start();
    const { stack, says, hang, release, asked, isAsked } = hanging;
    await hang();
    const [before, hungAtMs] = [asked?.(), performance.now()];
    // A busy machine may take its time for one of them, but not for all.
    const tookMs: number[] = [];
    while (tookMs.length < 5) {
      const beganMs = performance.now();
      const answer = await stack.get('/readyz');
      // Until then its result is of the time before.
      if (isReady(answer)) continue;
      // It is being asked still: the answer did not wait for it.
      if (tookMs.push(performance.now() - beganMs) === 1) expect(isAsked?.()).not.toBe(false);
      expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(says)]);
    }
    expect(Math.min(...tookMs)).toBeLessThan(500);
    const paths = Array.from({ length: 250 }, () => ['/readyz', '/metrics']).flat();
    const answers = await Promise.all(paths.map((path) => stack.get(path)));
    expect(answers.filter((answer) => answer.status !== 200).length).toBe(status === 200 ? 0 : 250);
    // A probe of a store ends by itself, after 2 s at the least, and there are two of them.
    const most = 2 + (2 * (performance.now() - hungAtMs)) / 2000;
    if (before !== undefined) expect((asked?.() ?? 0) - before).toBeLessThanOrEqual(most);
    await release();
    await stack.readyWhen(isReady);
  }, 60_000);
});

describe.each(STORES)('beside %s', (_title, _status, start) => {
  it('everything else is served, and metrics leave out what the store cannot say', async () => {
    hanging = await start();
    const { stack, says, hang, release } = hanging;
    await stack.readyWhen(isReady);
    expect((await stack.get('/metrics')).text).toContain(`\n${UNKNOWN} 0\n`);
    await hang();
    const keyed = stack.create({ headers: { 'idempotency-key': crypto.randomUUID() } });
    const others = (async () => {
      const { text } = await stack.get('/metrics');
      const [created, read] = [await stack.create(), await stack.ask('GET', customersPath())];
      return [text.includes(UNKNOWN), created.status, read.status];
    })();
    // The store takes 2 s to fail, and nothing else waits for it.
    expect(await Promise.race([keyed, others])).toEqual([false, 201, 200]);
    expect([(await keyed).status, (await keyed).innerError['outcome']]).toEqual([503, 'not-sent']);
    await stack.readyWhen(({ text }) => text.includes(says));
    await release();
    while (!(await stack.get('/metrics')).text.includes(`\n${UNKNOWN} 0\n`));
  }, 60_000);
});
