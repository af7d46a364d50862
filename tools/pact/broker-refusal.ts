import { TooLarge } from '../bounded-text.ts';
import type { BrokerSettings } from './broker-settings.ts';
import { CommandError } from './command-error.ts';

const TRUST = 'for an authority of your own, NODE_EXTRA_CA_CERTS must name its certificate';
const CREDENTIALS = 'PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD';

/** The broker refused a request. */
export class BrokerRefusal extends CommandError {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

type Asked = Pick<BrokerSettings, 'authorization' | 'url'>;

/**
 * The cause and the remedy of a failed response, in one line.
 *
 * @param writes whether the request was to change something
 * @returns undefined if the status says nothing about the broker or the credentials
 */
export function refusal(
  { authorization, url }: Asked,
  status: number,
  writes: boolean,
): BrokerRefusal | undefined {
  const refused = (message: string, remedy: string) =>
    new BrokerRefusal(`the broker at ${url} ${message} (HTTP ${status}): ${remedy}`, status);
  if (status >= 500) return refused('fails', 'its own log says why');
  if (status === 429) return refused('has too many requests', 'try again later');
  if (status >= 300 && status < 400) {
    return refused('leads elsewhere', 'PACT_BROKER_BASE_URL must be the address it leads to');
  }
  if (status !== 401 && status !== 403) return undefined;
  if (authorization === undefined) return refused('requires credentials', `set ${CREDENTIALS}`);
  return writes
    ? refused('lets these credentials read, not write', 'use an account that may write')
    : refused('refused the credentials', `check ${CREDENTIALS}`);
}

/** The same for its index, which also tells whether a broker answers. */
export function indexRefusal(asked: Asked, status: number): BrokerRefusal {
  const known = refusal(asked, status, false);
  if (known !== undefined) return known;
  const { authorization, url } = asked;
  if (status === 400 && authorization !== undefined) {
    // A broker with passwords answers so to a bearer token.
    const [kind, other] = authorization.startsWith('Bearer ')
      ? ['a token', 'PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD instead of PACT_BROKER_TOKEN']
      : [
          'a password',
          'PACT_BROKER_TOKEN instead of PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD',
        ];
    const message = `the broker at ${url} takes no credentials of this kind, ${kind} (HTTP 400): set ${other}`;
    return new BrokerRefusal(message, status);
  }
  return new BrokerRefusal(
    `what answers at ${url} is no Pact broker (HTTP ${status}): check PACT_BROKER_BASE_URL, with its path if the broker has one`,
    status,
  );
}

/** Why there is no response. */
export function unreachable(url: string, reason: unknown): string {
  if (reason instanceof TooLarge) {
    return `what answers at ${url} is no Pact broker: ${reason.message} for a response`;
  }
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
