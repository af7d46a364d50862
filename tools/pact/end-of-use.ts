import type { Broker } from './broker.ts';
import { CommandError } from './command-error.ts';
import { requireEnvironment } from './deployability.ts';
import { embedded, hrefOf } from './hal.ts';
import { member } from './loose-json.ts';
import type { Pacticipant } from './pacticipants.ts';

const KINDS = {
  deployment: {
    link: 'pb:currently-deployed-deployed-versions',
    list: 'deployedVersions',
    change: { currentlyDeployed: false },
  },
  release: {
    link: 'pb:currently-supported-released-versions',
    list: 'releasedVersions',
    change: { currentlySupported: false },
  },
} as const;

/**
 * Records that a pacticipant is no longer in use in an environment. Pact's command line would end every
 * release of a pacticipant, whatever `--version` says.
 *
 * @param version of a release; a deployment ends with the version it has
 * @returns the versions that have ended
 * @throws CommandError if none is in use there
 */
export async function endUse(
  broker: Broker,
  { name, kind }: Pacticipant,
  environment: string,
  version?: string,
): Promise<readonly string[]> {
  const { link, list, change } = KINDS[kind];
  const entry = await requireEnvironment(broker, environment);
  const details = await follow(broker, entry, 'self');
  const query = new URLSearchParams({
    pacticipant: name,
    ...(version !== undefined && { version }),
  });
  const listed = await follow(broker, details, link, `?${query.toString()}`);
  const inUse = embedded(listed, list).filter(
    (each) => version === undefined || numberOf(each) === version,
  );
  if (inUse.length === 0) {
    throw new CommandError(
      `no ${kind} of ${[name, version ?? ''].join(' ').trim()} is recorded in ${environment}: nothing is to end`,
    );
  }
  for (const each of inUse) {
    const path = broker.pathOf(required(each, 'self'));
    const { status } = await broker.json('PATCH', path, change, 'application/merge-patch+json');
    if (status >= 300) throw new CommandError(`the broker refused to end it (HTTP ${status})`);
  }
  return inUse.map(numberOf);
}

/** @throws CommandError for a refusal, which does not say that nothing is in use */
async function follow(broker: Broker, document: unknown, relation: string, query = '') {
  const path = broker.pathOf(required(document, relation)) + query;
  const { status, body } = await broker.json('GET', path);
  if (status === 200) return body;
  throw new CommandError(`the broker does not show what is in use there (HTTP ${status})`);
}

function required(document: unknown, relation: string): string {
  const href = hrefOf(document, relation);
  if (href !== undefined) return href;
  throw new CommandError(
    `the broker has no link ${relation} where one is needed: it may be too old`,
  );
}

function numberOf(use: unknown): string {
  return String(member(member(member(use, '_embedded'), 'version'), 'number'));
}
