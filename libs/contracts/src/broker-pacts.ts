import type { BrokerOptions } from './verification.ts';

/** Pacts of other branches are work in progress if they are newer than this day. */
const WORK_IN_PROGRESS_SINCE = '2026-11-24';

/**
 * Selects the pacts that a provider verifies, from the environment that `npm run pact:verify` sets:
 * those of the consumers' main branches, of deployed and released versions, and of the branch of
 * the same name. `PACT_URL`, which a webhook of the broker sets, selects one pact instead. The command
 * decides whether the results reach the broker.
 *
 * @throws TypeError if a variable is missing
 */
export function brokerPacts(env: NodeJS.ProcessEnv): BrokerOptions {
  const one = env['PACT_URL'];
  return {
    pactBrokerToken: required(env, 'PACT_RELAY_TOKEN'),
    ...(one === undefined
      ? {
          pactBrokerUrl: required(env, 'PACT_RELAY_URL'),
          consumerVersionSelectors: [
            { mainBranch: true },
            { deployedOrReleased: true },
            { matchingBranch: true },
          ],
          enablePending: true,
          includeWipPactsSince: WORK_IN_PROGRESS_SINCE,
        }
      : { pactUrls: [one] }),
    providerVersion: required(env, 'PACT_PROVIDER_VERSION'),
    providerVersionBranch: required(env, 'PACT_PROVIDER_BRANCH'),
    publishVerificationResult: true,
  };
}

function required(env: NodeJS.ProcessEnv, key: string): string {
  const value = env[key];
  if (value !== undefined && value !== '') return value;
  throw new TypeError(
    `${key} is missing. Use npm run pact:verify to verify the pacts of a broker.`,
  );
}
