import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { type Ended, ROOT, run } from './command.ts';
import { type BrokerBehaviour, RecordingBroker } from './recording-broker.ts';
import { PACT_FILE, smallPact } from './small-pacts.ts';

const whole = (provider: keyof typeof PACT_FILE) =>
  readFileSync(join(ROOT, PACT_FILE[provider]), 'utf8');
export const PACTS = {
  'bookings-api': whole('bookings-api'),
  'microsoft-graph': whole('microsoft-graph'),
};
/** One interaction each. */
export const SMALL = {
  'bookings-api': smallPact('bookings-api', 'for a missing customer'),
  'microsoft-graph': smallPact('microsoft-graph', 'for a missing customer'),
};
export const BRANCH = 'feature/a';
export const CI = { CI: 'true' };

let broker: RecordingBroker | undefined;
afterEach(() => broker?.close());

/** The last line for each provider, without versions. */
export const lastLines = ({ stdout }: Ended) =>
  stdout
    .trim()
    .split('\n')
    .slice(-2)
    .map((line) => line.replace(/ (fake-)?[0-9a-f]{40}:/, ':'));

/** Runs `pact:verify` with a broker that has these pacts, by provider. */
export async function verified(
  pacts: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  behaviour: BrokerBehaviour = {},
): Promise<Ended & { readonly broker: RecordingBroker }> {
  broker = await RecordingBroker.start({ pacts, ...behaviour });
  const settings = {
    PACT_BROKER_BASE_URL: broker.url,
    PACT_BROKER_TOKEN: 'x',
    PACT_BRANCH: BRANCH,
  };
  // A webhook names a pact by the address of the broker.
  const { PACT_URL } = env;
  const url = PACT_URL !== undefined && { PACT_URL: PACT_URL.replace('BROKER', broker.url) };
  return { ...(await run('pact/verify.ts', [], { ...settings, ...env, ...url })), broker };
}
