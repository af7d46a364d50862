import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { run, serve } from './production-process.ts';
import { BUSINESS, CREATE_PERMISSION, customersPath } from './stack.ts';

let fake: GraphFake;
let folder: string;
beforeAll(async () => {
  fake = await GraphFake.start();
});
afterAll(async () => {
  await fake.close();
});
beforeEach(async () => {
  fake.forget();
  folder = await mkdtemp(join(tmpdir(), 'state-process-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const path = () => join(folder, 'var', 'state.db');
const env = (more: Record<string, string> = {}) => ({
  STATE_URL: `sqlite:${path()}`,
  IDEMPOTENCY_SETTLE_MS: '50',
  ...more,
});

async function create(address: string, key: string): Promise<Response> {
  const token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
  return fetch(`${address}${customersPath()}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: '{"displayName":"Joni Sherman"}',
  });
}

describe('the production process', () => {
  it('remembers over a restart, in files for its owner alone', async () => {
    const first = await serve(fake, env());
    const created = await (await create(first.address, 'k')).text();
    first.child.kill('SIGTERM');
    expect(await first.exit).toEqual([0, null]);
    const second = await serve(fake, env());
    const again = await create(second.address, 'k');
    expect([await again.text(), again.headers.get('idempotent-replayed')]).toEqual([
      created,
      'true',
    ]);
    for (const name of await readdir(join(folder, 'var'))) {
      expect([name, (await stat(join(folder, 'var', name))).mode & 0o077]).toEqual([name, 0]);
    }
  });

  it('finds what the one before it was killed over, once its lease has run out', async () => {
    const settings = env({ GRAPH_DEADLINE_MS: '500', GRAPH_ATTEMPT_TIMEOUT_MS: '400' });
    const first = await serve(fake, settings);
    fake.script([{ kind: 'silence', when: 'after-stored' }]);
    const lost = create(first.address, 'k');
    await fake.arrived(1);
    first.child.kill('SIGKILL');
    await expect(lost).rejects.toThrow();
    const second = await serve(fake, settings);
    let answer = await create(second.address, 'k');
    expect(answer.status).toBe(409);
    while (answer.status === 409 || answer.status === 504) {
      answer = await create(second.address, 'k');
    }
    expect(answer.status).toBe(201);
    expect(fake.customers(BUSINESS)).toHaveLength(1);
    const metrics = await (await fetch(`${second.address}/metrics`)).text();
    expect(metrics).toContain('bookings_idempotency_takeovers_total 1');
  });

  it('ends what is under way before it stops, also for a caller that has left', async () => {
    const first = await serve(fake, env());
    fake.script([{ kind: 'delay', delayMs: 500 }]);
    const gone = new AbortController();
    const token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
    const lost = fetch(`${first.address}${customersPath()}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': 'k',
      },
      body: '{"displayName":"Joni Sherman"}',
      signal: gone.signal,
    });
    await fake.arrived(1);
    gone.abort();
    await expect(lost).rejects.toThrow();
    first.child.kill('SIGTERM');
    expect(await first.exit).toEqual([0, null]);
    const second = await serve(fake, env());
    const again = await create(second.address, 'k');
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
  });

  it.each<[string, () => Promise<unknown>, Record<string, string>, RegExp]>([
    ['the secret is gone', () => rm(`${path()}.secret`), {}, /the secret of .* is gone/],
    [
      'the secret is another',
      () => Promise.resolve(),
      { STATE_SECRET: 'another secret, long enough' },
      /the secret is not the one that this store was made with/,
    ],
  ])('ends with 78, in one line, when %s', async (_title, spoil, more, said) => {
    const first = await serve(fake, env());
    await create(first.address, 'k');
    first.child.kill('SIGTERM');
    await first.exit;
    await spoil();
    const { exit, stderr } = run({ ...proxyEnvironment(fake), PORT: '0', ...env(more) });
    expect(await exit).toEqual([78, null]);
    const lines = (await stderr).trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(said);
  });
});
