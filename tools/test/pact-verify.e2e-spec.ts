import { describe, expect, it } from '@jest/globals';
import { BRANCH, CI, lastLines, PACTS, SMALL, verified } from './verify-harness.ts';

describe('npm run pact:verify', () => {
  it('verifies both providers and publishes the results from CI, with a version for the fake', async () => {
    const { code, broker: to } = await verified(PACTS, CI);
    expect(code).toBe(0);
    const selected = to.sent('POST', '/pacts/provider/').map(({ body }) => body);
    expect(selected).toHaveLength(2);
    for (const each of selected) {
      expect(each).toMatchObject({
        consumerVersionSelectors: [
          { mainBranch: true },
          { deployedOrReleased: true },
          { matchingBranch: true },
        ],
        includePendingStatus: true,
        providerVersionBranch: BRANCH,
        includeWipPactsSince: expect.stringMatching(/^\d{4}-/),
      });
    }
    const results = to.sent('POST', '/verification-results/').map(({ path, body }) => [path, body]);
    const commit = expect.stringMatching(/^[0-9a-f]{40}$/);
    const fake = expect.stringMatching(/^fake-[0-9a-f]{40}$/);
    const success = { success: true };
    expect(results).toEqual([
      [
        '/verification-results/bookings-api',
        expect.objectContaining({ ...success, providerApplicationVersion: commit }),
      ],
      [
        '/verification-results/microsoft-graph',
        expect.objectContaining({ ...success, providerApplicationVersion: fake }),
      ],
    ]);
  });

  it.each([
    [undefined, 'CI is not set, and only CI=true publishes'],
    ['', 'CI is not set, and only CI=true publishes'],
    ['1', 'only CI=true publishes, and CI has another value'],
    ['false', 'only CI=true publishes, and CI has another value'],
  ])('changes nothing at the broker with CI %j, and says so', async (ci, why) => {
    // A workflow sets PACT_URL also where no webhook has started it.
    const env = { PACT_URL: '', ...(ci !== undefined && { CI: ci }) };
    const result = await verified(SMALL, env);
    const changes = result.broker.arrived.filter(
      ({ method, path }) => method !== 'GET' && !path.endsWith('/for-verification'),
    );
    expect([result.code, changes]).toEqual([0, []]);
    const scope = 'verified 1 interaction of 1 pact, all match';
    expect(lastLines(result)).toEqual([
      `bookings-api: ${scope}; results not published (${why}).`,
      `microsoft-graph: ${scope}; results not published (${why}).`,
    ]);
  });

  it('fails and publishes the failure if a provider does not match a pact', async () => {
    const broken = SMALL['bookings-api'].replace('"status":404', '"status":410');
    const ended = await verified({ ...SMALL, 'bookings-api': broken }, CI);
    const [result] = ended.broker.sent('POST', '/verification-results/bookings-api');
    expect([ended.code, result?.body]).toEqual([1, expect.objectContaining({ success: false })]);
    expect(lastLines(ended)).toEqual([
      'bookings-api: verified 1 interaction of 1 pact, 1 interaction of 1 pact failed; results published.',
      'microsoft-graph: verified 1 interaction of 1 pact, all match; results published.',
    ]);
  });

  it('fails and publishes the failure if a state of a pact has no handler', async () => {
    const state = 'the booking business exists';
    const newer = SMALL['bookings-api'].replace(`"${state}"`, '"the moon is full"');
    const { code, stdout, broker: to } = await verified({ ...SMALL, 'bookings-api': newer }, CI);
    const [result] = to.sent('POST', '/verification-results/bookings-api');
    expect([code, result?.body]).toEqual([1, expect.objectContaining({ success: false })]);
    expect(stdout).toContain('The state "the moon is full" has no handler.');
  });

  it('fails if the broker has no pact', async () => {
    const ended = await verified({}, CI);
    expect([ended.code, lastLines(ended)[0]]).toEqual([
      1,
      'bookings-api: verified nothing, the output above says why; results not published (the verification did not reach that point).',
    ]);
  });

  it('supports a broker behind a path, which its links leave out', async () => {
    const ended = await verified(SMALL, CI, { prefix: '/pacts-of/us', knowsPrefix: false });
    const results = ended.broker.sent('POST', '/verification-results/').map(({ path }) => path);
    expect([ended.code, results]).toEqual([
      0,
      ['/verification-results/bookings-api', '/verification-results/microsoft-graph'],
    ]);
  });

  it('verifies only the pact of a webhook', async () => {
    const PACT_URL = 'BROKER/pacts/provider/microsoft-graph/consumer/bookings-api';
    const { code, broker: to } = await verified(SMALL, { ...CI, PACT_URL });
    const results = to.sent('POST', '/verification-results/').map(({ path }) => path);
    expect([code, results]).toEqual([0, ['/verification-results/microsoft-graph']]);
    expect(to.arrived.every(({ authorization }) => authorization === 'Bearer x')).toBe(true);
  });

  it.each([
    'https://pacts.contoso.com/pacts/provider/bookings-api/consumer/bookings-client',
    'BROKER/pacts/provider/another/consumer/bookings-client',
    'BROKER.contoso.com/pacts/provider/bookings-api/consumer/bookings-client',
  ])('does not send its token to %s', async (PACT_URL) => {
    const { code, stderr } = await verified(SMALL, { PACT_URL });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^PACT_URL must be .+\n$/)]);
  });
});
