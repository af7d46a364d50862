import { CommandError } from './command-error.ts';

/** Address and credentials of the broker. */
export interface BrokerSettings {
  /** Without a trailing slash. */
  readonly url: string;
  /** The `Authorization` header; undefined without credentials. */
  readonly authorization: string | undefined;
  /** Values that must not be printed. */
  readonly secrets: readonly string[];
  /** How long a response of the broker may take, and a command but `pact:verify`. */
  readonly timeoutMs: number;
}

const TIMEOUT_MS = 25_000;

/** @throws CommandError if a setting is invalid */
export function brokerSettings(env: NodeJS.ProcessEnv): BrokerSettings {
  const url = env['PACT_BROKER_BASE_URL'] ?? '';
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') {
    throw new CommandError(
      'PACT_BROKER_BASE_URL must be the address of a Pact broker, such as https://pacts.contoso.com',
    );
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new CommandError('PACT_BROKER_BASE_URL must hold no user and no password');
  }
  const base = url.replace(/\/+$/, '');
  const timeoutMs = Number(env['PACT_BROKER_TIMEOUT_MS'] ?? TIMEOUT_MS);
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > TIMEOUT_MS) {
    throw new CommandError(`PACT_BROKER_TIMEOUT_MS must be a whole number from 1 to ${TIMEOUT_MS}`);
  }
  return { url: base, timeoutMs, ...credentials(env) };
}

function credentials(env: NodeJS.ProcessEnv): Pick<BrokerSettings, 'authorization' | 'secrets'> {
  const token = env['PACT_BROKER_TOKEN'] ?? '';
  const user = env['PACT_BROKER_USERNAME'] ?? '';
  const password = env['PACT_BROKER_PASSWORD'] ?? '';
  if (token !== '' && (user !== '' || password !== '')) {
    throw new CommandError(
      'PACT_BROKER_TOKEN excludes PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD: set the one or the others',
    );
  }
  if ((user === '') !== (password === '')) {
    throw new CommandError('PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD must be set together');
  }
  // fetch would refuse such a header with a message that contains it.
  if (!/^[\x21-\x7e]*$/.test(token)) {
    throw new CommandError('PACT_BROKER_TOKEN must be one word of ASCII characters');
  }
  if (token !== '') return { authorization: `Bearer ${token}`, secrets: [token] };
  if (user === '') return { authorization: undefined, secrets: [] };
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  return { authorization: `Basic ${basic}`, secrets: [password, basic] };
}
