import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DOCUMENTED_BUSINESS } from '../local-stack.ts';
import { member, parseJson } from '../pact/loose-json.ts';
import { type ApiProcess, startApi } from './api-process.ts';
import { killAfterTest } from './child-processes.ts';
import { ROOT } from './command.ts';
import { declaredVariables, fillIn, parseHttpFile } from './http-file.ts';
import { bin, install, pack, run } from './packed-library.ts';

const EXAMPLES = join(ROOT, 'docs/examples');
const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2024',
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
  },
};
const IDENTITY = `declare module '@azure/identity' {
  const ClientSecretCredential: new (tenantId: string, clientId: string, clientSecret: string) => {
    getToken(scope: string): Promise<{ token: string }>;
  };
}`;

let api: ApiProcess;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bookings-examples-'));
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  await writeFile(join(folder, 'identity.d.ts'), IDENTITY);
  await copyFile(join(EXAMPLES, 'sign-up.ts'), join(folder, 'sign-up.ts'));
  await install(folder, [await pack('libs/client', folder)]);
  api = await startApi();
  env = {
    PATH: process.env['PATH'] ?? '',
    BOOKINGS_BASE_URL: api.url,
    BOOKINGS_BUSINESS: DOCUMENTED_BUSINESS,
    BOOKINGS_TOKEN: api.token,
  };
});
beforeEach(() => {
  api.fake.forget();
});
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});

describe('the sign-up service', () => {
  const form = (key: string, email: string) => ({
    method: 'POST',
    body: new URLSearchParams({ key, name: 'Joni <Sherman>', email }),
  });

  it('has no type errors', async () => {
    const checked = run(process.execPath, [bin('tsc')], { cwd: folder });
    const said = await checked.catch((error: unknown) => error);
    expect(said).toMatchObject({ stdout: '', stderr: '' });
  });

  it.each<[string, () => Record<string, string>, RegExp]>([
    ['without a business', () => ({ BOOKINGS_BUSINESS: '' }), /^BOOKINGS_BUSINESS is not set\.\n$/],
    [
      'with an address that is none',
      () => ({ BOOKINGS_BASE_URL: 'localhost:3000' }),
      /^BOOKINGS_BASE_URL: baseUrl must be an http or https URL, [^\n]+\n$/,
    ],
    [
      'without a token, and without the package for Entra',
      () => ({ BOOKINGS_TOKEN: '' }),
      /^Set BOOKINGS_TOKEN for the local stack, or install @azure\/identity for Entra\.\n$/,
    ],
    ['with a port that is none', () => ({ PORT: 'abc' }), /^PORT must be a whole number [^\n]+\n$/],
    [
      'with a port that is taken',
      () => ({ PORT: new URL(api.url).port }),
      /^The form cannot be served, choose another PORT: [^\n]+EADDRINUSE[^\n]+\n$/,
    ],
  ])('%s ends with one line', async (_title, more, line) => {
    const options = { cwd: folder, env: { ...env, ...more() } };
    await expect(run(process.execPath, ['sign-up.ts'], options)).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(line),
    });
  });

  it('creates one customer for a form, and says what is wrong with it', async () => {
    const service = spawn(process.execPath, ['sign-up.ts'], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...env, PORT: '0' },
    });
    killAfterTest(service);
    const lines = createInterface({ input: service.stdout })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    const [url = ''] = /http:\S+$/.exec(String(value)) ?? [];
    const [, key = ''] = /name="key" value="([^"]+)"/.exec(await (await fetch(url)).text()) ?? [];

    const refused = await fetch(url, form(key, 'jonis'));
    expect(refused.status).toBe(400);
    expect(await refused.text()).toMatch(/<li>emailAddress must be .*value="Joni &#60;Sherman/s);
    expect(api.fake.customers(DOCUMENTED_BUSINESS)).toEqual([]);

    const sent = [1, 2].map(() => fetch(url, form(key, 'jonis@relecloud.com')));
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([201, 201]);
    const other = await fetch(url, form(key, 'adele@relecloud.com'));
    expect(other.status).toBe(409);
    expect((await fetch(url, form('x', 'jonis@relecloud.com'))).status).toBe(400);
    expect(api.fake.customers(DOCUMENTED_BUSINESS)).toMatchObject([
      { displayName: 'Joni <Sherman>', emailAddress: 'jonis@relecloud.com' },
    ]);
  });
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

(hasPython ? it : it.skip)('Python does not repeat what only an operator can change', async () => {
  const details = [{ code: 'IdempotencyRecordDamaged', message: '' }];
  const error = { code: 'ServiceUnavailable', message: '', details };
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    response.writeHead(503, { 'Retry-After': '60' }).end(JSON.stringify({ error }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const settings = { env: { ...env, BOOKINGS_BASE_URL: `http://127.0.0.1:${port}` } };
  const script = join(EXAMPLES, 'create_customer.py');
  const failed = await run('python3', [script, 'key'], settings).catch((cause: unknown) => cause);
  server.close();
  expect(member(failed, 'stderr')).toMatch(/^503 ServiceUnavailable, request-id /);
  expect(requests).toBe(1);
});

describe.each([
  ['curl', 'sh', 'create-customer.sh', true],
  ['Python', 'python3', 'create_customer.py', hasPython],
])('the create with %s', (_title, program, file, isInstalled) => {
  const create = (key: string, more: Record<string, string> = {}) =>
    run(program, [join(EXAMPLES, file), key], { env: { ...env, ...more } });

  (isInstalled ? it : it.skip)('makes one customer for one key, also after a failure', async () => {
    const key = crypto.randomUUID();
    api.fake.script([{ kind: 'reset', when: 'after-stored' }]);
    const first = await create(key);
    const again = await create(key);
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(first.stdout));
    expect(api.fake.customers(DOCUMENTED_BUSINESS)).toMatchObject([
      { displayName: 'Joni Sherman', emailAddress: 'jonis@relecloud.com' },
    ]);
  });

  (isInstalled ? it : it.skip).each<[string, string[], Record<string, string>, RegExp]>([
    ['without a key', [], {}, /Usage: \w+ create.customer\.\w+ KEY$/],
    ['without a token', ['key'], { BOOKINGS_TOKEN: '' }, /BOOKINGS_TOKEN:? is not set\.?$/],
  ])('%s ends with one line', async (_ending, args, more, line) => {
    const options = { env: { ...env, ...more } };
    const failed = await run(program, [join(EXAMPLES, file), ...args], options).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ code: expect.any(Number), stdout: '' });
    const said = String(member(failed, 'stderr'));
    expect(said.trimEnd()).toMatch(line);
    expect(said.match(/\n/g)).toHaveLength(1);
  });

  (isInstalled ? it : it.skip)('fails when the token is refused', async () => {
    const refused = await create(crypto.randomUUID(), { BOOKINGS_TOKEN: 'expired' }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: expect.any(Number) });
    expect(JSON.stringify(refused)).toContain('InvalidAuthenticationToken');
    expect(api.fake.requests().requests).toEqual([]);
  });
});

describe('customers.http', () => {
  it('has every operation of the API, and each request succeeds', async () => {
    const text = await readFile(join(EXAMPLES, 'customers.http'), 'utf8');
    const values = new Map([
      ['baseUrl', api.url],
      ['business', DOCUMENTED_BUSINESS],
      ['token', api.token],
      ['key', crypto.randomUUID()],
    ]);
    expect(declaredVariables(text).sort()).toEqual([...values.keys(), 'customer'].sort());
    const statuses: [string, number][] = [];
    const seen = new Set<string>();
    for (const request of parseHttpFile(text)) {
      const url = fillIn(request.url, values);
      const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
        name,
        fillIn(value, values),
      ]);
      const body = request.body === undefined ? null : fillIn(request.body, values);
      const response = await fetch(url, { method: request.method, headers, body });
      const said = await response.text();
      const [, id] = /"id":"([^"]+)"/.exec(said) ?? [];
      if (response.status === 201 && id !== undefined) values.set('customer', id);
      statuses.push([request.title, response.status]);
      seen.add(`${request.method.toLowerCase()} ${request.url.replace('{{baseUrl}}', '')}`);
    }
    expect(statuses.filter(([, status]) => status >= 300)).toEqual([]);
    expect(withoutQueries(seen)).toEqual(await describedOperations());
  });
});

const withoutQueries = (seen: ReadonlySet<string>) =>
  [...seen]
    .map((each) => each.replace(/\?.*/, '').replaceAll('{{', '{').replaceAll('}}', '}'))
    .sort();

async function describedOperations(): Promise<string[]> {
  const text = await readFile(join(ROOT, 'docs/openapi.json'), 'utf8');
  const paths = member(parseJson(text), 'paths') ?? {};
  return Object.entries(paths)
    .flatMap(([path, item]: [string, unknown]) =>
      Object.keys(item ?? {}).map((method) => `${method} ${path}`),
    )
    .sort();
}
