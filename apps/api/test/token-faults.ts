import type { Fault } from '@bookings/graph-fake';
import { CREATE_PERMISSION } from './documented.ts';
import { jsonObject } from './json.ts';
import type { ProxyResponse } from './proxy-client.ts';
import type { Stack } from './stack.ts';

/** A person in Entra's descriptions. Neither an answer nor the log may name them. */
export const PERSON = 'joni.sherman@contoso.com';

/** A claims request, as Entra sends it. */
export const CLAIMS = '{"access_token":{"polids":{"essential":true,"values":["9ab03e19"]}}}';

interface RefusalDetails {
  readonly status?: number;
  readonly error?: string;
  readonly claims?: string;
  readonly times?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Entra refuses the next token with this number, in the form of its page about error codes. */
export function refuseToken(number: number, details: RefusalDetails = {}): Fault {
  const { status = 400, error = 'invalid_grant', claims, ...more } = details;
  const body = {
    error,
    error_description: `AADSTS${number}: User '${PERSON}' is refused. Trace ID: 1`,
    error_codes: [number],
    ...(claims !== undefined && { claims }),
  };
  return { kind: 'status', endpoint: 'token', status, body, ...more };
}

/** A token of a user for whom the proxy has no token for Graph yet. Each lifetime has its own. */
export const newUser = (
  stack: Stack,
  objectId: string = crypto.randomUUID(),
  lifetimeSeconds = 3600,
): Promise<string> =>
  stack.fake.issueToken({ scopes: [CREATE_PERMISSION], objectId, lifetimeSeconds });

/** The alarms in the log, each with Entra's number. */
export const alarmsOf = ({ logLines }: Stack) =>
  logLines
    .map(jsonObject)
    .filter((line) => line['bookings.alarm'] !== undefined)
    .map((line) => [line['bookings.alarm'], line['bookings.aadsts']]);

/** Everything that a caller or an operator can read. */
export const written = ({ logLines, auditLines }: Stack, { text, headers }: ProxyResponse) =>
  [text, ...headers.values(), ...logLines, ...auditLines].join('\n');
