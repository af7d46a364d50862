// A sign-up form that creates Bookings customers through the proxy.
//
// Run by this repository's tests. It needs Node 22.18 or later and @bookings/client. Against Entra it
// also needs @azure/identity. docs/examples/README.md says how to start it.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { BookingsApiError, BookingsClient, type GetToken } from '@bookings/client';

const MAX_FORM_BYTES = 10_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface SignUp {
  /** The Idempotency-Key. The form has it, so that sending it twice makes one customer. */
  readonly key: string;
  readonly name: string;
  readonly email: string;
}

/** Ends the service with one line. */
function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function required(name: string): string {
  const value = process.env[name];
  return value === undefined || value === '' ? fail(`${name} is not set.`) : value;
}

/** A token of the local stack from BOOKINGS_TOKEN, or tokens of Entra. */
async function tokens(): Promise<GetToken> {
  const { BOOKINGS_TOKEN = '' } = process.env;
  if (BOOKINGS_TOKEN !== '') return () => Promise.resolve(BOOKINGS_TOKEN);
  const { ClientSecretCredential } = await import('@azure/identity').catch(() =>
    fail('Set BOOKINGS_TOKEN for the local stack, or install @azure/identity for Entra.'),
  );
  const credential = new ClientSecretCredential(
    required('AZURE_TENANT_ID'),
    required('AZURE_CLIENT_ID'),
    required('AZURE_CLIENT_SECRET'),
  );
  const scope = required('BOOKINGS_SCOPE');
  // The credential keeps a token until shortly before it expires.
  return async () => (await credential.getToken(scope)).token;
}

function connect(baseUrl: string, getToken: GetToken): BookingsClient {
  try {
    return new BookingsClient({ baseUrl, getToken });
  } catch (error) {
    return fail(`BOOKINGS_BASE_URL: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : fail('PORT must be a whole number from 0 to 65535.');
}

const port = portOf(process.env['PORT'] ?? '8080');
const business = required('BOOKINGS_BUSINESS');
const client = connect(required('BOOKINGS_BASE_URL'), await tokens());

async function signUp(form: SignUp, response: ServerResponse): Promise<void> {
  try {
    await client.createCustomer(
      business,
      { displayName: form.name, emailAddress: form.email === '' ? null : form.email },
      { idempotencyKey: form.key, deadlineMs: 20_000 },
    );
    page(response, 201, `<p>Thank you, ${escape(form.name)}.</p>`);
  } catch (error) {
    if (!(error instanceof BookingsApiError)) throw error;
    refused(error, form, response);
  }
}

function refused(error: BookingsApiError, form: SignUp, response: ServerResponse): void {
  // No names or addresses of people belong in a log. The ids lead to the request in the other logs.
  const { status, code, outcome, requestId, clientRequestId } = error;
  console.error(JSON.stringify({ status, code, outcome, requestId, clientRequestId }));
  switch (error.code) {
    case 'BadRequest':
      // Nothing was created, so that the key is free for the corrected form.
      page(
        response,
        400,
        formOf(
          form,
          error.details.map(({ message }) => message),
        ),
      );
      return;
    case 'IdempotencyKeyReused': {
      const again = { ...form, key: randomUUID() };
      page(response, 409, formOf(again, ['You are signed up with other data. Once more?']));
      return;
    }
    default:
      // The form keeps its key: if the customer exists by now, sending it again makes no second one.
      page(response, 503, formOf(form, ['That did not work. Please send the form again.']));
  }
}

function formOf({ key, name, email }: SignUp, messages: readonly string[] = []): string {
  return `<ul>${messages.map((message) => `<li>${escape(message)}</li>`).join('')}</ul>
    <form method="post" action="/">
      <input type="hidden" name="key" value="${escape(key)}">
      <label>Name <input name="name" value="${escape(name)}" required></label>
      <label>E-mail <input name="email" type="email" value="${escape(email)}"></label>
      <button>Sign up</button>
    </form>`;
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function page(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><html lang="en"><title>Sign up</title>${body}</html>`);
}

/** @returns undefined for a form that this service did not make */
async function readForm(request: IncomingMessage): Promise<SignUp | undefined> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MAX_FORM_BYTES) return undefined;
  }
  const fields = new URLSearchParams(body);
  const key = fields.get('key') ?? '';
  if (!UUID.test(key)) return undefined;
  return { key, name: fields.get('name') ?? '', email: fields.get('email') ?? '' };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url !== '/') {
    page(response, 404, '<p>There is no such page.</p>');
  } else if (request.method === 'POST') {
    const form = await readForm(request);
    if (form === undefined) page(response, 400, '<p>Please open the form again.</p>');
    else await signUp(form, response);
  } else {
    page(response, 200, formOf({ key: randomUUID(), name: '', email: '' }));
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error instanceof Error ? error.name : 'Error');
    if (!response.headersSent) page(response, 500, '<p>That did not work.</p>');
  });
});
server.on('error', (error) =>
  fail(`The form cannot be served, choose another PORT: ${error.message}`),
);
server.listen(port, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address !== 'object' || address === null) return;
  console.log(`The sign-up form is at http://127.0.0.1:${address.port}/`);
});
