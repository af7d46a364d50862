import type { BrokerSettings } from './broker-settings.ts';
import { CommandError } from './command-error.ts';
import { member, parseJson } from './loose-json.ts';

/** How long the broker may take for its index. */
const FIRST_RESPONSE_MS = 10_000;

/** Node and Pact's command line read different settings. */
const TRUST =
  'for an authority of your own, NODE_EXTRA_CA_CERTS and SSL_CERT_FILE must name its certificate';

/** Addresses by relation. */
export type BrokerIndex = ReadonlyMap<string, string>;

/**
 * Reads the index of the broker, to report problems early and clearly.
 *
 * @throws CommandError if it is unreachable, refuses the credentials, or is no broker
 */
export async function brokerIndex({
  url,
  authorization,
  timeoutMs,
}: BrokerSettings): Promise<BrokerIndex> {
  const signal = AbortSignal.timeout(Math.min(FIRST_RESPONSE_MS, timeoutMs));
  const headers = { Accept: 'application/hal+json', ...(authorization && { authorization }) };
  let status: number;
  let body: string;
  try {
    const response = await fetch(`${url}/`, { headers, signal });
    status = response.status;
    body = await response.text();
  } catch (error) {
    throw new CommandError(unreachable(url, signal.aborted ? 'it did not answer in time' : error));
  }
  if (status === 401 || status === 403) {
    throw new CommandError(
      `the broker at ${url} refused the credentials (HTTP ${status}): check PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD`,
    );
  }
  if (status >= 500) {
    throw new CommandError(`the broker at ${url} fails (HTTP ${status}): its own log says why`);
  }
  const links = member(parseJson(body), '_links');
  if (status !== 200 || typeof links !== 'object' || links === null) {
    throw new CommandError(
      `what answers at ${url} is no Pact broker (HTTP ${status}): check PACT_BROKER_BASE_URL`,
    );
  }
  const addresses = Object.entries(links).map(
    ([name, link]) => [name, member(link, 'href')] as const,
  );
  return new Map(
    addresses.flatMap(([name, href]) => (typeof href === 'string' ? [[name, href]] : [])),
  );
}

export function unreachable(url: string, reason: unknown): string {
  return `the broker at ${url} cannot be reached: ${reasonOf(reason)}`;
}

/** The cause, because the error of fetch is only "fetch failed". */
export function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  // The error of a name with several addresses has one error for each.
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(', ');
  const specific = cause instanceof Error && cause.message !== '' ? cause : error;
  const reason = specific instanceof Error ? specific.message : String(specific);
  return /certificate/i.test(reason) ? `${reason} (${TRUST})` : reason;
}
