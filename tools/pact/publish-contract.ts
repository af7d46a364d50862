import { readFileSync } from 'node:fs';
import type { Broker } from './broker.ts';
import { CommandError } from './command-error.ts';
import type { GitVersion } from './git-version.ts';
import { member, parseJson } from './loose-json.ts';

/** The content of a pact file. */
export interface PactFile {
  readonly file: string;
  readonly consumer: string;
  readonly provider: string;
  readonly content: Buffer;
}

/** @throws CommandError if the file is missing or is no pact */
export function readPact(file: string): PactFile {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch {
    throw new CommandError(`${file} is missing: npm test writes it`);
  }
  const pact = parseJson(content.toString());
  const consumer = member(member(pact, 'consumer'), 'name');
  const provider = member(member(pact, 'provider'), 'name');
  if (typeof consumer === 'string' && typeof provider === 'string') {
    return { file, consumer, provider, content };
  }
  throw new CommandError(`${file} names no consumer and provider: it is no pact`);
}

/**
 * Publishes a pact byte for byte. Pact's command line would add the versions of its own tools.
 *
 * @returns the notices of the broker
 * @throws CommandError if the broker refuses it
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
  const { status, body } = await broker.json('POST', broker.path('pb:publish-contracts'), {
    pacticipantName: consumer,
    pacticipantVersionNumber: commit,
    branch,
    contracts: [contract],
  });
  const said = [...texts(body, 'notices'), ...texts(body, 'errors')];
  if (status === 200 || status === 201) return said;
  const refusal = [`the broker refused ${file} (HTTP ${status})`, ...said].join('\n');
  throw new CommandError(broker.redacted(refusal));
}

/** Notices are objects with a text. Errors are lists of texts by topic. */
function texts(body: unknown, name: string): string[] {
  const found = member(body, name);
  if (typeof found !== 'object' || found === null) return [];
  return Object.values(found)
    .flat()
    .map((each: unknown) => String(member(each, 'text') ?? each));
}
