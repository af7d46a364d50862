import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiEnvironment, ready } from '../local-api.ts';
import { DOCUMENTED_BUSINESS, DOCUMENTED_CUSTOMER } from '../local-stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const bin = (name: string) => join(ROOT, 'node_modules/.bin', name);
const run = promisify(execFile);

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
    include: ['types.mts', 'types.cts'],
  }),
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

let folder: string;
let env: Record<string, string>;
let stop: () => Promise<void>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bookings-client-'));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  const clean = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  await run('npm', ['pack', '--pack-destination', folder], {
    cwd: join(ROOT, 'libs/client'),
    env: clean,
  });
  const version = (await manifest(join(ROOT, 'libs/client'))).get('version');
  const tarball = `./bookings-client-${String(version)}.tgz`;
  // Offline, because the package has no dependencies.
  await run('npm', ['install', tarball, '--offline', '--no-audit', '--no-fund'], {
    cwd: folder,
    env: clean,
  });

  const fake = await GraphFake.start();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const api = spawn(process.execPath, [join(ROOT, 'apps/api/dist/main.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: apiEnvironment(proxyEnvironment(fake), port),
  });
  const exit = once(api, 'exit');
  const ended = new AbortController();
  api.once('exit', () => {
    ended.abort();
  });
  stop = async () => {
    api.kill('SIGKILL');
    await exit;
    await fake.close();
    await rm(folder, { recursive: true });
  };
  expect(await ready(url, ended.signal)).toBe(true);
  env = {
    URL: url,
    TOKEN: await fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] }),
    BUSINESS: DOCUMENTED_BUSINESS,
    CUSTOMER: JSON.stringify(DOCUMENTED_CUSTOMER),
  };
}, 60_000);
afterAll(() => stop());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function manifest(folder: string): Promise<Map<string, unknown>> {
  const value: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return new Map(Object.entries(value ?? {}));
}

// npm may run with Node 20.
const nodes = [
  { which: 'the Node of this workspace', node: process.execPath },
  {
    which: 'the Node that started npm',
    node: process.env['npm_node_execpath'] ?? process.execPath,
  },
];
const cases = nodes.flatMap((node) =>
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

  it('has complete types for both module systems', async () => {
    const checked = run(process.execPath, [bin('tsc')], { cwd: folder });
    // tsc prints its errors to stdout.
    const said = await checked.catch((error: unknown) => error);
    expect(said).toMatchObject({ stdout: '', stderr: '' });
  });

  it('can be bundled for a browser', async () => {
    const options = ['--bundle', '--platform=browser', '--log-level=info', '--outfile=bundle.js'];
    const bundled = run(bin('esbuild'), ['consumer.mjs', ...options], { cwd: folder });
    await expect(bundled).resolves.toMatchObject({
      stderr: expect.not.stringMatching(/warning|error/i),
    });
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
