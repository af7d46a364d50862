import type { BrokerSettings } from './broker-settings.ts';
import { Complaint } from './complaint.ts';
import { member, parseJson } from './loose-json.ts';

/** How long the broker may take to say that it is one. */
const FIRST_ANSWER_MS = 10_000;

/** Node and Pact's command line each read a setting of their own. */
const TRUST =
  'for an authority of your own, NODE_EXTRA_CA_CERTS and SSL_CERT_FILE must name its certificate';

/** Addresses by relation. */
export type BrokerIndex = ReadonlyMap<string, string>;

/**
 * Asks for the broker's index, so that what is wrong is said in our words and at once.
 *
 * @throws Complaint when nobody answers, the credentials are refused, or it is no broker
 */
export async function brokerIndex({
  url,
  authorization,
  timeoutMs,
}: BrokerSettings): Promise<BrokerIndex> {
  const signal = AbortSignal.timeout(Math.min(FIRST_ANSWER_MS, timeoutMs));
  const headers = { Accept: 'application/hal+json', ...(authorization && { authorization }) };
  let status: number;
  let body: string;
  try {
    const answer = await fetch(`${url}/`, { headers, signal });
    status = answer.status;
    body = await answer.text();
  } catch (error) {
    throw new Complaint(unreachable(url, signal.aborted ? 'it did not answer in time' : error));
  }
  if (status === 401 || status === 403) {
    throw new Complaint(
      `the broker at ${url} refused the credentials (HTTP ${status}): check PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD`,
    );
  }
  if (status >= 500) {
    throw new Complaint(`the broker at ${url} fails (HTTP ${status}): its own log says why`);
  }
  const links = member(parseJson(body), '_links');
  if (status !== 200 || typeof links !== 'object' || links === null) {
    throw new Complaint(
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

/** In words: fetch itself says no more than that it failed. */
export function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  // Of a name with several addresses each has failed, and the whole says nothing.
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(', ');
  const told = cause instanceof Error && cause.message !== '' ? cause : error;
  const reason = told instanceof Error ? told.message : String(told);
  return /certificate/i.test(reason) ? `${reason} (${TRUST})` : reason;
}
