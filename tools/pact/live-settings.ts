import { boundedText } from '../bounded-text.ts';

/** A booking business of a real tenant, and how to get a token for it. */
export interface LiveSettings {
  /** Such as `https://graph.microsoft.com/v1.0`, without a trailing slash. */
  readonly graphUrl: string;
  /** SMTP address of the booking mailbox. */
  readonly business: string;
  readonly token: () => Promise<string>;
  /** A valid token without the permission; empty if none is configured. */
  readonly powerlessToken: string;
}

/** All faults of the settings. */
export class LiveSettingsError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

const CLIENT = ['GRAPH_LIVE_TENANT_ID', 'GRAPH_LIVE_CLIENT_ID', 'GRAPH_LIVE_CLIENT_SECRET'];

/** @throws LiveSettingsError with all faults */
export function liveSettings(env: NodeJS.ProcessEnv): LiveSettings {
  const faults: string[] = [];
  const business = env['GRAPH_LIVE_BUSINESS'] ?? '';
  if (!/^[^@\s/]+@[^@\s/]+$/.test(business)) {
    faults.push(
      'GRAPH_LIVE_BUSINESS must be the address of a booking mailbox that is there to be tested with, such as proxytest@contoso.onmicrosoft.com: customers are created in it and deleted again',
    );
  }
  const graphUrl = address(env, 'GRAPH_LIVE_BASE_URL', 'https://graph.microsoft.com/v1.0', faults);
  const authority = address(
    env,
    'GRAPH_LIVE_AUTHORITY_HOST',
    'https://login.microsoftonline.com',
    faults,
  );
  const accessToken = env['GRAPH_LIVE_ACCESS_TOKEN'] ?? '';
  const [tenantId, clientId, clientSecret] = CLIENT.map((key) => env[key] ?? '');
  if (accessToken === '' && !(tenantId && clientId && clientSecret)) {
    faults.push(
      `GRAPH_LIVE_ACCESS_TOKEN must be a token for Graph with BookingsAppointment.ReadWrite.All, or ${CLIENT.join(', ')} must name an application that has it`,
    );
  }
  if (faults.length > 0) throw new LiveSettingsError(faults);
  const form = { client_id: clientId ?? '', client_secret: clientSecret ?? '' };
  const token = () =>
    accessToken === ''
      ? clientCredentials(`${authority}/${tenantId ?? ''}/oauth2/v2.0/token`, form, graphUrl)
      : Promise.resolve(accessToken);
  // Some CI systems set absent variables to an empty text.
  const powerlessToken = env['GRAPH_LIVE_POWERLESS_TOKEN'] ?? '';
  return { graphUrl, business, token, powerlessToken };
}

function address(env: NodeJS.ProcessEnv, key: string, standard: string, faults: string[]): string {
  const text = env[key] ?? standard;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url?.hostname === '127.0.0.1' || url?.hostname === 'localhost';
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)) {
    return text.replace(/\/+$/, '');
  }
  faults.push(`${key} must be an https URL, such as ${standard}`);
  return standard;
}

/** @throws Error with Entra's message, which contains no secret */
async function clientCredentials(
  endpoint: string,
  client: Readonly<Record<string, string>>,
  graphUrl: string,
): Promise<string> {
  const grant = {
    grant_type: 'client_credentials',
    scope: `${new URL(graphUrl).origin}/.default`,
  };
  const body = new URLSearchParams({ ...client, ...grant });
  const response = await fetch(endpoint, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(10_000),
  });
  const answer: unknown = JSON.parse(await boundedText(response));
  const said = new Map<string, unknown>(Object.entries(answer ?? {}));
  const token = said.get('access_token');
  if (typeof token === 'string') return token;
  const reason = [said.get('error'), said.get('error_description')].filter(Boolean).join(': ');
  throw new Error(`No token was issued (HTTP ${response.status}). ${reason}`);
}
