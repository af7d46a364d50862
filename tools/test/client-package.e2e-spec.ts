import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DOCUMENTED_BUSINESS, DOCUMENTED_CUSTOMER } from '../local-stack.ts';
import { member } from '../pact/loose-json.ts';
import { type ApiProcess, startApi } from './api-process.ts';
import { ROOT } from './command.ts';
import { NODES, bin, blocks, install, manifest, pack, run } from './packed-library.ts';

const CONSUMER = `
const client = new BookingsClient({
  baseUrl: process.env.URL,
  getToken: async () => process.env.TOKEN,
});
async function main() {
  const customer = JSON.parse(process.env.CUSTOMER);
  const created = await client.createCustomer(process.env.BUSINESS, customer);
  const options = { idempotencyKey: created.id };
  const first = await client.createCustomerWithReport(process.env.BUSINESS, customer, options);
  const again = await client.createCustomerWithReport(process.env.BUSINESS, customer, options);
  const replayed = [first.replayed, again.replayed, again.customer.id === first.customer.id];
  const refused = await client
    .createCustomer(process.env.BUSINESS, { displayName: '' })
    .catch((error) => error);
  const { status, code, details, requestId } = refused;
  const isError = refused instanceof BookingsApiError;
  console.log(JSON.stringify({ created, replayed, refused: { isError, status, code, details, requestId } }));
}
void main();
`;
const NAMES = '{ BookingsApiError, BookingsClient }';
const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "private": true }',
  'consumer.mjs': `import ${NAMES} from '@bookings/client';${CONSUMER}`,
  'consumer.cjs': `const ${NAMES} = require('@bookings/client');${CONSUMER}`,
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2022', 'dom'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    },
    include: ['*.mts', '*.cts', '*.d.ts'],
  }),
  // What the README uses of version 4.14.1. Its dependencies are too many to install for this alone.
  'azure-identity.d.ts': `
declare module '@azure/identity' {
  interface Credential {
    getToken(scopes: string | string[]): Promise<{ token: string; expiresOnTimestamp: number }>;
  }
  interface OnBehalfOfOptions {
    tenantId: string;
    clientId: string;
    clientSecret: string;
    userAssertionToken: string;
  }
  const ClientSecretCredential: new (tenantId: string, clientId: string, clientSecret: string) => Credential;
  const OnBehalfOfCredential: new (options: OnBehalfOfOptions) => Credential;
}
`,
  'types.mts': `
import { type BookingCustomer, BookingsApiError, BookingsClient, type CreateReport } from '@bookings/client';

const customer: BookingCustomer = { displayName: 'Joni Sherman', phones: [{ type: 'home' }] };
// @ts-expect-error: Graph has no such type of phone
const wrong: BookingCustomer = { displayName: 'Joni Sherman', phones: [{ type: 'satellite' }] };
const client = new BookingsClient({ baseUrl: 'https://bookings.contoso.com', getToken: async () => 'x' });
const created = await client.createCustomer('x', customer, { signal: AbortSignal.timeout(1000) });
export const id: string = created.id;
export const outcome = (error: BookingsApiError): 'not-sent' | 'unknown' | undefined => error.outcome;
export const report = (key: string | null): Promise<CreateReport> =>
  client.createCustomerWithReport('x', customer, { idempotencyKey: key, maxAttempts: 3, deadlineMs: 5000 });
export const key = (error: BookingsApiError): string | undefined => error.idempotencyKey;
export { wrong };
`,
  'types.cts': `
import bookings = require('@bookings/client');
// @ts-expect-error: the model is only a type
export const customer = new bookings.BookingCustomer();
export const client: bookings.BookingsClient = new bookings.BookingsClient({
  baseUrl: 'https://bookings.contoso.com',
  getToken: async () => 'x',
});
`,
};

/** Compiles only if the client's types have every code of the proxy. */
async function codesFile(): Promise<string> {
  // Its source has syntax that Node does not run, so this takes the build.
  const domain: unknown = await import(pathToFileURL(join(ROOT, 'libs/domain/dist/index.js')).href);
  const codes = Object.keys(member(domain, 'ERROR_CODES') ?? {});
  expect(codes).toContain('IdempotencyKeyInUse');
  return `
import type { BookingsApiError, KnownErrorCode } from '@bookings/client';
export const ofTheProxy: readonly KnownErrorCode[] = ${JSON.stringify(codes)};
// @ts-expect-error: not a known code
export const wrong: KnownErrorCode = 'NoSuchCode';
export const other = (error: BookingsApiError): boolean => error.code === 'NoSuchCode';
`;
}

/** What the blocks of the README rely on besides their own lines. */
const README_PRELUDE = `
import type { BookingCustomer } from '@bookings/client';
declare global {
  const process: { readonly env: Readonly<Record<string, string | undefined>> };
  const client: import('@bookings/client').BookingsClient;
  const business: string;
  const id: string;
  const customer: BookingCustomer;
  const order: { readonly customerKey: string };
  function keep(what: object): Promise<void>;
}
`;

let folder: string;
let env: Record<string, string>;
let api: ApiProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bookings-client-'));
  const readme = await blocks('libs/client/README.md', 'ts');
  expect(readme.length).toBeGreaterThan(3);
  const files = {
    ...FILES,
    'codes.mts': await codesFile(),
    'prelude.mts': README_PRELUDE,
    ...Object.fromEntries(
      readme.map((block, index) => [`readme-${index}.mts`, `${block}export {};`]),
    ),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await install(folder, [await pack('libs/client', folder)]);
  api = await startApi();
  env = {
    URL: api.url,
    TOKEN: api.token,
    BUSINESS: DOCUMENTED_BUSINESS,
    CUSTOMER: JSON.stringify(DOCUMENTED_CUSTOMER),
  };
});
afterAll(async () => {
  await api?.stop();
  await rm(folder, { recursive: true });
});

const cases = NODES.flatMap((node) =>
  ['consumer.mjs', 'consumer.cjs'].map((file) => ({ ...node, file })),
);

describe('the packed client, installed in an empty folder', () => {
  it.each(cases)(
    'creates customers through the proxy from $file under $which',
    async ({ node, file }) => {
      const { stdout, stderr } = await run(node, [file], { cwd: folder, env });
      expect(stderr).toBe('');
      const text = expect.stringMatching(/\S/);
      expect(JSON.parse(stdout)).toMatchObject({
        created: { ...DOCUMENTED_CUSTOMER, id: text },
        replayed: [false, true, true],
        refused: {
          isError: true,
          status: 400,
          code: 'BadRequest',
          details: [{ target: 'displayName', code: text, message: text }],
          requestId: text,
        },
      });
    },
  );

  it('has complete types for both module systems, the codes of the proxy, and the README', async () => {
    const checked = run(process.execPath, [bin('tsc')], { cwd: folder });
    // tsc prints its errors to stdout.
    const said = await checked.catch((error: unknown) => error);
    expect(said).toMatchObject({ stdout: '', stderr: '' });
  });

  it('can be bundled for a browser, where it stops at once with one sentence', async () => {
    const options = ['--bundle', '--platform=browser', '--log-level=info', '--outfile=bundle.js'];
    const bundled = run(bin('esbuild'), ['consumer.mjs', ...options], { cwd: folder });
    await expect(bundled).resolves.toMatchObject({
      stderr: expect.not.stringMatching(/warning|error/i),
    });
    const text = await readFile(join(folder, 'bundle.js'), 'utf8');
    const page = { window: {}, document: {}, process: { env: { URL: 'https://x' } }, URL };
    expect(() => {
      runInContext(text, createContext(page));
    }).toThrow(/^BookingsClient runs on servers only: [^.]+\.$/);
  });

  it('has no dependencies and does not mention this workspace', async () => {
    const installed = join(folder, 'node_modules/@bookings/client');
    const described = await manifest(installed);
    expect(described.has('dependencies') || described.has('peerDependencies')).toBe(false);
    expect(JSON.stringify(described.get('exports'))).not.toContain('src/');
    for (const file of ['index.js', 'index.cjs', 'index.d.ts', 'index.d.cts']) {
      const text = await readFile(join(installed, 'dist', file), 'utf8');
      expect(text).not.toMatch(/@bookings\/|\bfrom '|require\(/);
    }
  });
});
