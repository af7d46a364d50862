import { spawn } from 'node:child_process';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { killAfterTest } from './child-processes.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NX = '@nx/enforce-module-boundaries';
const RESTRICTED = 'no-restricted-imports';
const WORDS = 'plain/words';
const RESTRICTED_TS = '@typescript-eslint/no-restricted-imports';

interface Case {
  readonly title: string;
  readonly file: string;
  readonly module: string;
  /** The source; by default an import of `module` for its side effects. */
  readonly text?: string;
  /** The rule that refuses the import; undefined if it is allowed. */
  readonly rule?: string;
}

const domain = 'libs/domain/src/values.ts';
const adapter = 'libs/graph-client/src/transport/headers.ts';
const fake = 'libs/graph-fake/src/faults.ts';
const app = 'apps/api/src/shutdown.ts';
const graph = 'apps/api/src/graph/graph.module.ts';
const log = 'apps/api/src/observability/logging.ts';
const contracts = 'libs/contracts/src/relay.ts';
const client = 'libs/client/src/api-response.ts';
const pact = 'libs/client/pact/bookings-api.ts';
const e2e = 'apps/api/test/create.e2e-spec.ts';

const CASES: readonly Case[] = [
  {
    title: 'domain may not import an adapter',
    file: domain,
    module: '@bookings/graph-client',
    rule: NX,
  },
  { title: 'domain may not import a framework', file: domain, module: '@nestjs/common', rule: NX },
  { title: 'domain may not import an HTTP client', file: domain, module: 'undici', rule: NX },
  { title: 'graph-client may import domain', file: adapter, module: '@bookings/domain' },
  { title: 'graph-client may not import a framework', file: adapter, module: 'fastify', rule: NX },
  {
    title: 'graph-client may not import OpenTelemetry',
    file: adapter,
    module: '@opentelemetry/api',
    rule: NX,
  },
  {
    title: 'the application may not import OpenTelemetry',
    file: app,
    module: '@opentelemetry/api',
    rule: RESTRICTED,
  },
  {
    title: 'observability may import OpenTelemetry',
    file: 'apps/api/src/observability/otel-tracer.ts',
    module: '@opentelemetry/api',
  },
  { title: 'graph-fake may not import domain', file: fake, module: '@bookings/domain', rule: NX },
  { title: 'graph-fake may import jose', file: fake, module: 'jose' },
  {
    title: 'client may import types of domain',
    file: client,
    module: '@bookings/domain',
    text: "import type { Phone } from '@bookings/domain';\nexport type Each = Phone;\n",
  },
  {
    title: 'client may not import code of domain',
    file: client,
    module: '@bookings/domain',
    rule: RESTRICTED_TS,
  },
  { title: 'client may not import a package', file: client, module: 'undici', rule: NX },
  { title: 'client may not import api', file: client, module: '@bookings/api', rule: NX },
  { title: 'pacts of client may import contracts', file: pact, module: '@bookings/contracts' },
  {
    title: 'production code may not import contracts',
    file: app,
    module: '@bookings/contracts',
    rule: RESTRICTED,
  },
  {
    title: 'production code may not import Pact',
    file: adapter,
    module: '@pact-foundation/pact',
    rule: RESTRICTED,
  },
  {
    title: 'contracts may not import other projects',
    file: contracts,
    module: '@bookings/domain',
    rule: NX,
  },
  { title: 'api may import domain', file: app, module: '@bookings/domain' },
  {
    title: 'api may not import an adapter',
    file: app,
    module: '@bookings/graph-client',
    rule: RESTRICTED,
  },
  { title: 'graph of api may import the adapter', file: graph, module: '@bookings/graph-client' },
  {
    title: 'graph of api may not import the fake',
    file: graph,
    module: '@bookings/graph-fake',
    rule: RESTRICTED,
  },
  {
    title: 'api may not import the fake',
    file: app,
    module: '@bookings/graph-fake',
    rule: RESTRICTED,
  },
  { title: 'api may not write to the log of pino', file: app, module: 'pino', rule: RESTRICTED },
  { title: 'graph of api may not either', file: graph, module: 'pino', rule: RESTRICTED },
  { title: 'observability of api may import pino', file: log, module: 'pino' },
  {
    title: 'observability of api may not import the fake',
    file: log,
    module: '@bookings/graph-fake',
    rule: RESTRICTED,
  },
  { title: 'tests of api may import the fake', file: e2e, module: '@bookings/graph-fake' },
  {
    title: 'production code may not import a test library',
    file: app,
    module: 'fast-check',
    rule: RESTRICTED,
  },
  {
    title: 'config of api may not import auth',
    file: 'apps/api/src/config/config.ts',
    module: '../auth/token-verifier.ts',
    rule: RESTRICTED_TS,
  },
  {
    title: 'auth of api may import config',
    file: 'apps/api/src/auth/token-verifier.ts',
    module: '../config/config.ts',
  },
  {
    title: 'a folder of api may not import the files beside it',
    file: 'apps/api/src/config/config.ts',
    module: '../create-app.ts',
    rule: RESTRICTED_TS,
  },
  {
    title: 'model of domain may not import validation',
    file: 'libs/domain/src/model/read-only.ts',
    module: '../validation/validate.ts',
    rule: RESTRICTED_TS,
  },
  {
    title: 'transport of graph-client may not import credentials',
    file: 'libs/graph-client/src/transport/exchange.ts',
    module: '../credentials/entra-credential.ts',
    rule: RESTRICTED_TS,
  },
  {
    title: 'a comment may not use an old word',
    file: app,
    module: '',
    text: '// Whoever asks gets it.\nexport {};\n',
    rule: WORDS,
  },
  {
    title: 'a name may not use an old word',
    file: app,
    module: '',
    text: 'export const giveBack = 1;\n',
    rule: WORDS,
  },
];

async function lint(cases: readonly Case[]): Promise<unknown> {
  const child = spawn(process.execPath, ['tools/test/lint-text.mjs'], {
    cwd: ROOT,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  killAfterTest(child);
  const texts = cases.map(({ file, module, text = `import '${module}';\n` }) => ({ file, text }));
  child.stdin.end(JSON.stringify(texts));
  return json(child.stdout);
}

describe('lint', () => {
  it('refuses imports against the layers and old words, and nothing else', async () => {
    const found = await lint(CASES);
    const refused = CASES.map(({ title }, index) => {
      const messages: unknown = Array.isArray(found) ? found[index] : undefined;
      const broken = Array.isArray(messages) ? messages.join('\n') : 'nothing was linted';
      return [
        title,
        [NX, RESTRICTED_TS, RESTRICTED, WORDS].find((rule) => broken.includes(`${rule}:`)),
      ];
    });
    expect(refused).toEqual(CASES.map(({ title, rule }) => [title, rule]));
  });
});
