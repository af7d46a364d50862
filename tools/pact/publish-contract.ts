import { readFileSync } from 'node:fs';
import type { Broker } from './broker.ts';
import { Complaint } from './complaint.ts';
import type { GitVersion } from './git-version.ts';
import { member, parseJson } from './loose-json.ts';

/** A pact as its file has it. */
export interface PactFile {
  readonly file: string;
  readonly consumer: string;
  readonly provider: string;
  readonly content: Buffer;
}

/** @throws Complaint when there is no such file, or it is no pact */
export function readPact(file: string): PactFile {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch {
    throw new Complaint(`${file} is missing: npm test writes it`);
  }
  const pact = parseJson(content.toString());
  const consumer = member(member(pact, 'consumer'), 'name');
  const provider = member(member(pact, 'provider'), 'name');
  if (typeof consumer === 'string' && typeof provider === 'string') {
    return { file, consumer, provider, content };
  }
  throw new Complaint(`${file} names no consumer and provider: it is no pact`);
}

/**
 * Publishes a pact as its consumer's contract, byte for byte: Pact's command line would write the
 * versions of its own parts into it.
 *
 * @returns what the broker has to say to it
 * @throws Complaint when it does not take it
 */
export async function publishContract(
  broker: Broker,
  { file, consumer, provider, content }: PactFile,
  { commit, branch }: GitVersion,
): Promise<string[]> {
  const contract = {
    consumerName: consumer,
    providerName: provider,
    specification: 'pact',
    contentType: 'application/json',
    content: content.toString('base64'),
  };
  const { status, body } = await broker.post('pb:publish-contracts', {
    pacticipantName: consumer,
    pacticipantVersionNumber: commit,
    branch,
    contracts: [contract],
  });
  const said = [...texts(body, 'notices'), ...texts(body, 'errors')];
  if (status === 200 || status === 201) return said;
  const refusal = [`the broker did not take ${file} (HTTP ${status})`, ...said].join('\n');
  throw new Complaint(broker.redacted(refusal));
}

/** Notices are objects with a text, errors are texts by what they are about. */
function texts(body: unknown, name: string): string[] {
  const found = member(body, name);
  if (typeof found !== 'object' || found === null) return [];
  return Object.values(found)
    .flat()
    .map((each: unknown) => String(member(each, 'text') ?? each));
}
