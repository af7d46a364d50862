import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { BrokerBehaviour } from './recording-broker.ts';
import { smallPact } from './small-pacts.ts';
import { CI, lastLines, SMALL, verified } from './verify-harness.ts';

describe('npm run pact:verify', () => {
  it('ends and fails if a create that a state holds is refused', async () => {
    const held = smallPact('bookings-api', 'when the queue of the business is full');
    const powerless = held.replace(
      'the caller may create booking customers',
      'the caller lacks the permission to create booking customers',
    );
    const { code, stdout } = await verified({ ...SMALL, 'bookings-api': powerless });
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining('A create that was to be in progress was answered with 403.'),
    ]);
  });

  it.each<[string, BrokerBehaviour, string]>([
    ['stops responding', { silent: (path) => path !== '/' }, 'did not answer in time'],
    ['fails', { fails: (_method, path) => (path === '/' ? undefined : 500) }, 'fails .HTTP 500.'],
  ])('ends in time if the broker %s', async (_title, behaviour, why) => {
    const ended = await verified(SMALL, { PACT_BROKER_TIMEOUT_MS: '1500' }, behaviour);
    expect([ended.code, lastLines(ended)]).toEqual([
      1,
      ['bookings-api', 'microsoft-graph'].map((provider): unknown =>
        expect.stringMatching(
          `^${provider}: verified nothing, the broker at .*${why}.*; results not published`,
        ),
      ),
    ]);
    // Pact itself would repeat it for minutes.
    expect(ended.broker.sent('GET', '/pacts/provider/bookings-api/')).toHaveLength(1);
  });

  it('ends a verification that never ends, after PACT_VERIFY_TIMEOUT_MS', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stand-in-'));
    writeFileSync(join(folder, 'jest'), '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
    const ended = await verified(SMALL, { PATH, PACT_VERIFY_TIMEOUT_MS: '1500' });
    rmSync(folder, { recursive: true });
    expect([ended.code, lastLines(ended)]).toEqual([
      1,
      ['bookings-api', 'microsoft-graph'].map((provider): unknown =>
        expect.stringMatching(
          `^${provider}: verified nothing, .* longer than PACT_VERIFY_TIMEOUT_MS, 1500`,
        ),
      ),
    ]);
  });

  it('fails if the credentials may not publish the results', async () => {
    const fails = (method: string, path: string) =>
      method === 'GET' || path.endsWith('/for-verification') ? undefined : 401;
    const ended = await verified(SMALL, CI, { fails });
    const why =
      'results not published (the broker at URL lets these credentials read, not write (HTTP 401): use an account that may write).';
    const said = lastLines(ended).map((line) => line.replace(ended.broker.url, 'URL'));
    expect([ended.code, said]).toEqual([
      1,
      [
        `bookings-api: verified 1 interaction of 1 pact, all match; ${why}`,
        `microsoft-graph: verified 1 interaction of 1 pact, all match; ${why}`,
      ],
    ]);
  });
});
