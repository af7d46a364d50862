// Prints a caller token for the local stack, and nothing else, on stdout.
import { parseArgs } from 'node:util';
import { localPorts } from './local-stack.ts';

const USAGE = `Usage: npm run token -- --roles BookingsAppointment.ReadWrite.All     an application's token
       npm run token -- --scopes "Bookings.Manage.All"                  a user's token
Several permissions are separated by spaces or commas.`;

function fail(message: string, code: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

function readArguments(): { roles: string[] } | { scopes: string[] } {
  try {
    const { values } = parseArgs({
      options: { roles: { type: 'string' }, scopes: { type: 'string' } },
    });
    if (values.roles !== undefined && values.scopes === undefined) {
      return { roles: words(values.roles) };
    }
    if (values.scopes !== undefined && values.roles === undefined) {
      return { scopes: words(values.scopes) };
    }
    return fail(`Either --roles or --scopes is needed.\n${USAGE}`, 2);
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, 2);
  }
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

const request = readArguments();
const url = `http://127.0.0.1:${localPorts(process.env).fake}/__fake/tokens`;
const answer = await fetch(url, { method: 'POST', body: JSON.stringify(request) }).catch(() =>
  fail(`Nothing answers at ${url}: start the local stack with npm start.`, 1),
);
const body: unknown = await answer.json().catch(() => undefined);
if (typeof body !== 'object' || body === null || !('access_token' in body)) {
  fail(`The fake Graph answered ${answer.status} and no token.`, 1);
}
process.stdout.write(`${String(body.access_token)}\n`);
