import type { BrokerOptions } from './verification.ts';

/** Pacts of other branches count as work in progress from this day on, when the contracts began. */
const WORK_IN_PROGRESS_SINCE = '2026-11-24';

/**
 * The pacts that a provider has to verify, by the environment that `npm run pact:verify` sets: those
 * of the consumers' main branches, of what is deployed or released, and of the branch of the same
 * name. Results are published from CI alone. With `PACT_URL`, which a webhook of the broker brings,
 * it is that pact and no other.
 *
 * @throws TypeError when a variable is missing: nothing may be verified for want of a setting
 */
export function brokerPacts(env: NodeJS.ProcessEnv): BrokerOptions {
  const one = env['PACT_URL'];
  const { PACT_BROKER_TOKEN: token, PACT_BROKER_USERNAME: user } = env;
  return {
    ...(token !== undefined && { pactBrokerToken: token }),
    ...(user !== undefined && {
      pactBrokerUsername: user,
      pactBrokerPassword: needed(env, 'PACT_BROKER_PASSWORD'),
    }),
    ...(one === undefined
      ? {
          pactBrokerUrl: needed(env, 'PACT_BROKER_BASE_URL'),
          consumerVersionSelectors: [
            { mainBranch: true },
            { deployedOrReleased: true },
            { matchingBranch: true },
          ],
          enablePending: true,
          includeWipPactsSince: WORK_IN_PROGRESS_SINCE,
        }
      : { pactUrls: [one] }),
    providerVersion: needed(env, 'PACT_PROVIDER_VERSION'),
    providerVersionBranch: needed(env, 'PACT_PROVIDER_BRANCH'),
    publishVerificationResult: env['CI'] === 'true',
  };
}

function needed(env: NodeJS.ProcessEnv, key: string): string {
  const value = env[key];
  if (value !== undefined && value !== '') return value;
  throw new TypeError(`${key} is missing: pacts of a broker are verified by npm run pact:verify`);
}
