import type { Broker } from './broker.ts';
import { CommandError } from './command-error.ts';
import { embedded } from './hal.ts';
import { member } from './loose-json.ts';
import { deployedTogether, type Pacticipant } from './pacticipants.ts';
import { runPactBroker } from './pact-tools.ts';

/**
 * Asks the broker whether a commit can be deployed, or released, to an environment, and prints its
 * answer.
 *
 * @throws CommandError if the broker knows no such environment or version
 */
export async function canIDeploy(
  broker: Broker,
  of: Pacticipant,
  commit: string,
  environment: string,
): Promise<boolean> {
  await requireEnvironment(broker, environment);
  const asked = deployedTogether(of);
  for (const each of asked) await requireVersion(broker, each, commit);
  const versions = asked.flatMap(({ name, version }) => [
    '--pacticipant',
    name,
    '--version',
    version(commit),
  ]);
  return (
    (await runPactBroker(broker, 'can-i-deploy', ...versions, '--to-environment', environment)) ===
    0
  );
}

/**
 * @returns the environment
 * @throws CommandError if the broker has no such environment
 */
export async function requireEnvironment(broker: Broker, name: string): Promise<unknown> {
  const { status, body } = await broker.json('GET', broker.path('pb:environments'));
  if (status !== 200) {
    throw new CommandError(
      `the broker does not list its environments (HTTP ${status}): it may be too old`,
    );
  }
  const known = embedded(body, 'environments');
  const found = known.find((each) => member(each, 'name') === name);
  if (found !== undefined) return found;
  const others = known.map((each) => member(each, 'name')).join(', ') || 'none';
  throw new CommandError(
    `the environment ${name} does not exist at the broker, which has ${others}: correct the name, or create it with npx pact-broker create-environment --name ${name}`,
  );
}

/** @throws CommandError if the broker does not know the version */
export async function requireVersion(
  broker: Broker,
  { name, version, madeBy }: Pacticipant,
  commit: string,
): Promise<void> {
  const variables = { pacticipant: name, version: version(commit) };
  const { status } = await broker.json('GET', broker.path('pb:pacticipant-version', variables));
  if (status === 200) return;
  if (status !== 404) {
    throw new CommandError(
      `the broker does not show the version ${variables.version} of ${name} (HTTP ${status})`,
    );
  }
  throw new CommandError(
    `the broker knows no version ${variables.version} of ${name} (HTTP 404): ${madeBy} at that commit makes it`,
  );
}
