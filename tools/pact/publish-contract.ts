import { readFileSync } from 'node:fs';
import type { Broker } from './broker.ts';
import { Complaint } from './complaint.ts';
import type { GitVersion } from './git-version.ts';
import { member } from './loose-json.ts';

/**
 * Publishes a pact file as its consumer's contract, byte for byte: Pact's command line would write
 * the versions of its own parts into it.
 *
 * @returns what the broker has to say to it
 * @throws Complaint when it does not take it
 */
export async function publishContract(
  broker: Broker,
  file: string,
  { commit, branch }: GitVersion,
): Promise<string[]> {
  const content = readFileSync(file);
  const consumerName = nameIn(content, 'consumer', file);
  const contract = {
    consumerName,
    providerName: nameIn(content, 'provider', file),
    specification: 'pact',
    contentType: 'application/json',
    content: content.toString('base64'),
  };
  const { status, body } = await broker.post('pb:publish-contracts', {
    pacticipantName: consumerName,
    pacticipantVersionNumber: commit,
    branch,
    contracts: [contract],
  });
  const said = [...texts(body, 'notices'), ...texts(body, 'errors')];
  if (status === 200 || status === 201) return said;
  throw new Complaint([`the broker did not take ${file} (HTTP ${status})`, ...said].join('\n'));
}

function nameIn(content: Buffer, role: 'consumer' | 'provider', file: string): string {
  const name = member(member(JSON.parse(content.toString()), role), 'name');
  if (typeof name === 'string') return name;
  throw new Complaint(`${file} names no ${role}: it is no pact`);
}

/** Notices are objects with a text, errors are texts by what they are about. */
function texts(body: unknown, name: string): string[] {
  const found = member(body, name);
  if (typeof found !== 'object' || found === null) return [];
  return Object.values(found)
    .flat()
    .map((each: unknown) => String(member(each, 'text') ?? each));
}
