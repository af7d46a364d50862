import { BrokerRefusal } from './broker-refusal.ts';
import type { Broker } from './broker.ts';
import { CommandError } from './command-error.ts';
import { fakeVersion } from './git-version.ts';
import { runPactBroker } from './pact-tools.ts';

/** The pacts of this workspace, from its root. */
export const PACT_FILES = [
  'pacts/bookings-client-bookings-api.json',
  'pacts/bookings-api-microsoft-graph.json',
];

export interface Pacticipant {
  readonly name: string;
  readonly version: (commit: string) => string;
  /** A release stays in use beside later ones. A deployment replaces the one before. */
  readonly kind: 'deployment' | 'release';
  /** What makes a commit known to the broker. */
  readonly madeBy: string;
}

const same = (commit: string) => commit;
const PACTICIPANTS: readonly Pacticipant[] = [
  { name: 'bookings-client', version: same, kind: 'release', madeBy: 'npm run pact:publish' },
  { name: 'bookings-api', version: same, kind: 'deployment', madeBy: 'npm run pact:publish' },
  {
    name: 'microsoft-graph',
    version: fakeVersion,
    kind: 'deployment',
    madeBy: 'npm run pact:verify with CI=true',
  },
];

/** @throws CommandError with the usage for an unknown name */
export function pacticipant(name: string, usage: string): Pacticipant {
  const found = PACTICIPANTS.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new CommandError(`no pacticipant is called ${name}\n${usage}`, 2);
}

/**
 * What is deployed together with a commit of a pacticipant. The API and the fake of the same commit
 * belong together: the fake that was recorded before says nothing about this commit of the API.
 */
export function deployedTogether({ name }: Pacticipant): readonly Pacticipant[] {
  const names = name === 'bookings-api' ? [name, 'microsoft-graph'] : [name];
  return PACTICIPANTS.filter((each) => names.includes(each.name));
}

/**
 * Sets the main branches at the broker, which selectors need. The credentials may not permit this:
 * then a warning is printed, and an administrator of the broker can do it once.
 */
export async function setMainBranches(broker: Broker): Promise<void> {
  for (const { name } of PACTICIPANTS) {
    const options = ['--name', name, '--main-branch', 'main'];
    const code = await runPactBroker(broker, 'create-or-update-pacticipant', ...options).catch(
      refused,
    );
    if (code === 0) continue;
    process.stderr.write(`The main branch of ${name} could not be set at the broker.\n`);
  }
}

function refused(error: unknown): number {
  if (error instanceof BrokerRefusal && error.status < 500) return 1;
  throw error;
}
