import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Ended, ROOT, run } from './command.ts';
import { RecordingBroker } from './recording-broker.ts';

const pact = (name: string) => readFileSync(join(ROOT, 'pacts', name), 'utf8');
const PACTS = {
  'bookings-api': pact('bookings-client-bookings-api.json'),
  'microsoft-graph': pact('bookings-api-microsoft-graph.json'),
};
const BRANCH = 'feature/a';

let broker: RecordingBroker | undefined;
afterEach(() => broker?.close());

async function verified(
  pacts: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended & { readonly broker: RecordingBroker }> {
  broker = await RecordingBroker.start({ pacts });
  const settings = {
    PACT_BROKER_BASE_URL: broker.url,
    PACT_BROKER_TOKEN: 'x',
    PACT_BRANCH: BRANCH,
  };
  return { ...(await run('pact/verify.ts', [], { ...settings, ...env })), broker };
}

describe('npm run pact:verify', () => {
  it('verifies both providers and publishes the results from CI, with a version for the fake', async () => {
    const { code, broker: to } = await verified(PACTS, { CI: 'true' });
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

  it('publishes nothing outside CI', async () => {
    // A workflow sets PACT_URL also where no webhook has started it.
    const { code, broker: to } = await verified(PACTS, { PACT_URL: '' });
    expect([code, to.sent('POST', '/verification-results/')]).toEqual([0, []]);
    expect(to.sent('PATCH', '/')).toEqual([]);
  });

  it('fails and publishes the failure if a provider does not match a pact', async () => {
    const broken = PACTS['bookings-api'].replaceAll('"status": 413', '"status": 414');
    const { code, broker: to } = await verified(
      { ...PACTS, 'bookings-api': broken },
      { CI: 'true' },
    );
    const [result] = to.sent('POST', '/verification-results/bookings-api');
    expect([code, result?.body]).toEqual([1, expect.objectContaining({ success: false })]);
  });

  it('fails and publishes the failure if a state of a pact has no handler', async () => {
    const state = 'the booking business exists';
    const newer = PACTS['bookings-api'].replace(`"${state}"`, '"the moon is full"');
    const {
      code,
      stdout,
      broker: to,
    } = await verified({ ...PACTS, 'bookings-api': newer }, { CI: 'true' });
    const [result] = to.sent('POST', '/verification-results/bookings-api');
    expect([code, result?.body]).toEqual([1, expect.objectContaining({ success: false })]);
    expect(stdout).toContain('The state "the moon is full" has no handler.');
  });

  it('fails if the broker has no pact', async () => {
    const { code } = await verified({});
    expect(code).not.toBe(0);
  });

  it('verifies only the pact of a webhook', async () => {
    broker = await RecordingBroker.start({ pacts: PACTS });
    const { url } = broker;
    const credentials = { PACT_BROKER_BASE_URL: url, PACT_BROKER_TOKEN: 'x' };
    const env = { ...credentials, PACT_BRANCH: BRANCH, CI: 'true' };
    const PACT_URL = `${url}/pacts/provider/microsoft-graph/consumer/bookings-api`;
    const { code } = await run('pact/verify.ts', [], { ...env, PACT_URL });
    const results = broker.sent('POST', '/verification-results/').map(({ path }) => path);
    expect([code, results]).toEqual([0, ['/verification-results/microsoft-graph']]);
    expect(broker.arrived.every(({ authorization }) => authorization === 'Bearer x')).toBe(true);
  });

  it.each([
    'https://pacts.contoso.com/pacts/provider/bookings-api/consumer/bookings-client',
    'BROKER/pacts/provider/another/consumer/bookings-client',
    'BROKER.contoso.com/pacts/provider/bookings-api/consumer/bookings-client',
  ])('does not send its token to %s', async (pactUrl) => {
    broker = await RecordingBroker.start({ pacts: PACTS });
    const { url } = broker;
    const env = { PACT_BROKER_BASE_URL: url, PACT_BROKER_TOKEN: 'x', PACT_BRANCH: BRANCH };
    const PACT_URL = pactUrl.replace('BROKER', url);
    const { code, stderr } = await run('pact/verify.ts', [], { ...env, PACT_URL });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^PACT_URL must be .+\n$/)]);
  });
});
