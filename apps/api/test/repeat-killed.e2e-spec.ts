import { expect, it } from '@jest/globals';
import { silenceAfter } from './faults.ts';
import { ADELE } from './idempotent-requests.ts';
import { useProxyProcess } from './proxy-process.ts';
import { stateUrl } from './temporary-folder.ts';

const SETTLE_SECONDS = 600;
/** A repeat has no time for a lookup after the settling time, so its answer tells when it may. */
const SETTINGS = {
  GRAPH_DEADLINE_MS: '60000',
  IDEMPOTENCY_SETTLE_MS: String(SETTLE_SECONDS * 1000),
};

const launcher = useProxyProcess();
const BODY = JSON.stringify(ADELE);

/** A process whose create without a key runs, and how the caller's repeat finds the one after it. */
async function repeatAfter(end: 'SIGKILL' | 'SIGTERM') {
  const settings = { ...SETTINGS, STATE_URL: stateUrl(), SHUTDOWN_GRACE_MS: '0' };
  const first = await launcher.start(settings);
  launcher.fake.script([silenceAfter()]);
  const lost = first.create({ body: BODY }).catch(() => undefined);
  await launcher.fake.arrived(1);
  first.child.kill(end);
  await first.exit;
  await lost;
  const next = await launcher.start(settings);
  const { status, innerError, headers } = await next.create({
    headers: { 'retry-attempt': '1' },
    body: BODY,
  });
  expect([status, innerError['outcome']]).toEqual([504, 'unknown']);
  expect(launcher.fake.requests().requests).toHaveLength(1);
  return Number(headers.get('retry-after'));
}

it('a repeat counts a create of a process that was killed as running until its deadline', async () => {
  expect(await repeatAfter('SIGKILL')).toBeGreaterThan(SETTLE_SECONDS);
});

it('a repeat after a clean stop waits for no create of the process before', async () => {
  expect(await repeatAfter('SIGTERM')).toBeLessThanOrEqual(SETTLE_SECONDS);
});
