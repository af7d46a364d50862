// Prints a caller token for the running local stack on stdout, and nothing else there. What it made is
// said on stderr.
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { OPERATION_NAMES, OPERATIONS } from '@bookings/domain/operations';
import { boundedText } from './bounded-text.ts';
import { fakeUrl } from './local-stack.ts';
import { parseJson } from './pact/loose-json.ts';

const USAGE = `Usage: npm run -s token -- --roles BookingsAppointment.ReadWrite.All     an application's token
       npm run -s token -- --scopes "Bookings.Manage.All"                  a user's token
Several permissions are separated by spaces or commas.
Options: --expired        expired a minute ago
         --app-id ID      of another application: a GUID, or a name from which one is made
         --user ID        of another user, with --scopes: a GUID, or a name`;

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

function fail(message: string, code: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

/** `id` if it is a GUID, otherwise one that depends on nothing else. */
function guidOf(id: string): string {
  if (GUID.test(id)) return id.toLowerCase();
  const hex = createHash('sha256').update(id).digest('hex');
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => hex.slice(from, to))
    .join('-');
}

function permissions(text: string, kind: 'application' | 'delegated'): string[] {
  const known = new Set(OPERATION_NAMES.flatMap((name) => OPERATIONS[name].permissions[kind]));
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const unknown = words.filter((word) => !known.has(word));
  if (unknown.length > 0) {
    fail(`No such permission: ${unknown.join(', ')}. There are: ${[...known].join(', ')}.`, 2);
  }
  return words;
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        roles: { type: 'string' },
        scopes: { type: 'string' },
        expired: { type: 'boolean', default: false },
        'app-id': { type: 'string' },
        user: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, 2);
  }
}

const { roles, scopes, expired, user, help, 'app-id': appId } = readArguments();
if (help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
if ((roles === undefined) === (scopes === undefined)) {
  fail(`Either --roles or --scopes is needed, and not both.\n${USAGE}`, 2);
}
if (user !== undefined && scopes === undefined) fail(`--user needs --scopes.\n${USAGE}`, 2);

const request = {
  ...(roles !== undefined && { roles: permissions(roles, 'application') }),
  ...(scopes !== undefined && { scopes: permissions(scopes, 'delegated') }),
  ...(expired && { lifetimeSeconds: -60 }),
  ...(appId !== undefined && { appId: guidOf(appId) }),
  ...(user !== undefined && { objectId: guidOf(user) }),
};

function fakeAddress(): string {
  try {
    return fakeUrl(process.env);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), 2);
  }
}

const url = `${fakeAddress()}/__fake/tokens`;
const response = await fetch(url, {
  method: 'POST',
  body: JSON.stringify(request),
  signal: AbortSignal.timeout(5000),
}).catch(() =>
  fail(
    `Nothing answers at ${url}: start the local stack with npm start, or name the port of its fake in GRAPH_FAKE_PORT.`,
    1,
  ),
);
const text = await boundedText(response).catch(() => '');
const body = parseJson(text);
if (typeof body !== 'object' || body === null || !('access_token' in body)) {
  fail(`The fake Graph answered ${response.status} and no token.`, 1);
}
const made = [
  `${expired ? 'Expired token' : 'Token'} of ${scopes === undefined ? 'an application' : 'a user'}`,
  `with ${(request.roles ?? request.scopes ?? []).join(' ') || 'no permission'}`,
  ...(request.appId === undefined ? [] : [`appId ${request.appId}`]),
  ...(request.objectId === undefined ? [] : [`oid ${request.objectId}`]),
];
process.stderr.write(`${made.join(', ')}\n`);
process.stdout.write(`${String(body.access_token)}\n`);
