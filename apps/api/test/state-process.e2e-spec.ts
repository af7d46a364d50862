import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { BUSINESS } from './documented.ts';
import { silenceAfter } from './faults.ts';
import { useProxyProcess } from './proxy-process.ts';
import { StateFile } from './state-file.ts';
import { TcpRelay } from './tcp-relay.ts';
import { temporaryFolder } from './temporary-folder.ts';

const launcher = useProxyProcess();
let path: string;
beforeEach(() => {
  path = join(temporaryFolder(), 'var', 'state.db');
});

const KEY = { 'idempotency-key': 'k' };
const env = (more: Record<string, string> = {}) => ({
  STATE_URL: `sqlite:${path}`,
  IDEMPOTENCY_SETTLE_MS: '50',
  ...more,
});

describe('the production process', () => {
  it('replays responses after a restart, from files that only their owner can read', async () => {
    const first = await launcher.start(env());
    const created = await first.create({ headers: KEY });
    expect(await first.stop()).toEqual([0, null]);
    const second = await launcher.start(env());
    const replayed = await second.create({ headers: KEY });
    expect([replayed.text, replayed.headers.get('idempotent-replayed')]).toEqual([
      created.text,
      'true',
    ]);
    for (const name of await readdir(dirname(path))) {
      expect([name, (await stat(join(dirname(path), name))).mode & 0o077]).toEqual([name, 0]);
    }
  });

  it('finds the create of a killed process once its lease has expired', async () => {
    const { fake } = launcher;
    const first = await launcher.start(env());
    fake.script([silenceAfter()]);
    const lost = first.create({ headers: KEY });
    await fake.arrived(1);
    first.child.kill('SIGKILL');
    await expect(lost).rejects.toThrow();
    const second = await launcher.start(env());
    expect((await second.create({ headers: KEY })).status).toBe(409);
    new StateFile(`sqlite:${path}`).change('lease_until_ms = 0');
    expect((await second.create({ headers: KEY })).status).toBe(201);
    expect(fake.customers(BUSINESS)).toHaveLength(1);
    expect(await second.metric('bookings_idempotency_takeovers_total')).toBe(1);
  });

  it('finishes running creates before it stops, even after the client disconnected', async () => {
    const { fake } = launcher;
    const relay = new TcpRelay();
    const first = await launcher.start(env(await relay.graphSettings(fake)));
    relay.hold();
    const caller = new AbortController();
    const aborted = first.create({ headers: KEY, signal: caller.signal });
    await fake.arrived(1);
    caller.abort();
    await expect(aborted).rejects.toThrow();
    first.child.kill('SIGTERM');
    await first.readyWhen(({ status }) => status !== 200);
    relay.release();
    expect(await first.exit).toEqual([0, null]);
    const second = await launcher.start(env());
    const replayed = await second.create({ headers: KEY });
    expect([replayed.status, replayed.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
  });

  it.each<[string, () => Promise<unknown>, Record<string, string>, RegExp]>([
    ['the secret is missing', () => rm(`${path}.secret`), {}, /the secret of .* is gone/],
    [
      'the secret has changed',
      () => Promise.resolve(),
      { STATE_SECRET: 'another secret, long enough' },
      /the secret does not open this store/,
    ],
  ])('exits with 78 and one line when %s', async (_title, spoil, more, said) => {
    const first = await launcher.start(env());
    await first.create({ headers: KEY });
    await first.stop();
    await spoil();
    const second = launcher.spawn(env(more));
    expect(await second.exit).toEqual([78, null]);
    const lines = second.stderr.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(said);
  });
});
