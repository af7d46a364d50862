import { boundedText } from '../bounded-text.ts';
import { indexRefusal, unreachable } from './broker-refusal.ts';
import type { BrokerSettings } from './broker-settings.ts';
import { CommandError } from './command-error.ts';
import { member, parseJson } from './loose-json.ts';

/** How long the broker may take for its index. */
const FIRST_RESPONSE_MS = 10_000;

/** Addresses by relation. */
export type BrokerIndex = ReadonlyMap<string, string>;

/**
 * Reads the index of the broker, to report problems early and clearly.
 *
 * @throws CommandError if it is unreachable, refuses the credentials, or is no broker
 */
export async function brokerIndex(settings: BrokerSettings): Promise<BrokerIndex> {
  const { url, authorization, timeoutMs } = settings;
  const signal = AbortSignal.timeout(Math.min(FIRST_RESPONSE_MS, timeoutMs));
  const headers = { Accept: 'application/hal+json', ...(authorization && { authorization }) };
  let status: number;
  let body: string;
  try {
    const response = await fetch(`${url}/`, { headers, signal, redirect: 'manual' });
    status = response.status;
    body = await boundedText(response);
  } catch (error) {
    throw new CommandError(unreachable(url, signal.aborted ? 'it did not answer in time' : error));
  }
  const links = member(parseJson(body), '_links');
  if (status !== 200 || typeof links !== 'object' || links === null) {
    throw indexRefusal(settings, status);
  }
  const addresses = Object.entries(links).map(
    ([name, link]) => [name, member(link, 'href')] as const,
  );
  return new Map(
    addresses.flatMap(([name, href]) => (typeof href === 'string' ? [[name, href]] : [])),
  );
}
