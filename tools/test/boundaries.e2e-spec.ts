import { spawn } from 'node:child_process';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NX = '@nx/enforce-module-boundaries';
const RESTRICTED = 'no-restricted-imports';
const TYPES_ALONE = '@typescript-eslint/no-restricted-imports';

interface Case {
  readonly title: string;
  readonly file: string;
  readonly module: string;
  /** The import statement, where it matters that it is one of types. */
  readonly text?: string;
  /** The rule that refuses the import; undefined where it is allowed. */
  readonly rule?: string;
}

const domain = 'libs/domain/src/values.ts';
const adapter = 'libs/graph-client/src/headers.ts';
const fake = 'libs/graph-fake/src/faults.ts';
const app = 'apps/api/src/drain.ts';
const root = 'apps/api/src/app.module.ts';
const contracts = 'libs/contracts/src/relay.ts';
const client = 'libs/client/src/answer.ts';
const pact = 'libs/client/pact/bookings-api.ts';
const e2e = 'apps/api/test/create.e2e-spec.ts';

const CASES: readonly Case[] = [
  { title: 'domain knows no adapter', file: domain, module: '@bookings/graph-client', rule: NX },
  { title: 'domain knows no framework', file: domain, module: '@nestjs/common', rule: NX },
  { title: 'domain knows no HTTP client', file: domain, module: 'undici', rule: NX },
  { title: 'graph-client knows domain', file: adapter, module: '@bookings/domain' },
  { title: 'graph-client knows no framework', file: adapter, module: 'fastify', rule: NX },
  { title: 'graph-fake knows no domain', file: fake, module: '@bookings/domain', rule: NX },
  { title: 'graph-fake knows jose', file: fake, module: 'jose' },
  {
    title: 'client knows types of domain',
    file: client,
    module: '@bookings/domain',
    text: "import type { Phone } from '@bookings/domain';\nexport type Each = Phone;\n",
  },
  {
    title: 'client knows no code of domain',
    file: client,
    module: '@bookings/domain',
    rule: TYPES_ALONE,
  },
  { title: 'client knows no package', file: client, module: 'undici', rule: NX },
  { title: 'client knows no api', file: client, module: '@bookings/api', rule: NX },
  { title: 'pacts of client know contracts', file: pact, module: '@bookings/contracts' },
  { title: 'no code knows contracts', file: app, module: '@bookings/contracts', rule: RESTRICTED },
  { title: 'no code knows Pact', file: adapter, module: '@pact-foundation/pact', rule: RESTRICTED },
  { title: 'contracts know nobody', file: contracts, module: '@bookings/domain', rule: NX },
  { title: 'api knows domain', file: app, module: '@bookings/domain' },
  { title: 'api knows no adapter', file: app, module: '@bookings/graph-client', rule: RESTRICTED },
  { title: 'app.module knows the adapter', file: root, module: '@bookings/graph-client' },
  {
    title: 'app.module knows no fake',
    file: root,
    module: '@bookings/graph-fake',
    rule: RESTRICTED,
  },
  { title: 'api knows no fake', file: app, module: '@bookings/graph-fake', rule: RESTRICTED },
  { title: 'tests of api know the fake', file: e2e, module: '@bookings/graph-fake' },
  { title: 'no code knows a test library', file: app, module: 'fast-check', rule: RESTRICTED },
];

async function lint(cases: readonly Case[]): Promise<unknown> {
  const child = spawn(process.execPath, ['tools/test/lint-text.mjs'], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const texts = cases.map(({ file, module, text = `import '${module}';\n` }) => ({ file, text }));
  child.stdin.end(JSON.stringify(texts));
  return json(child.stdout);
}

describe('the rule of who may know whom', () => {
  it('bites where it must, and only there', async () => {
    const found = await lint(CASES);
    const refused = CASES.map(({ title }, index) => {
      const messages: unknown = Array.isArray(found) ? found[index] : undefined;
      const broken = Array.isArray(messages) ? messages.join('\n') : 'nothing was linted';
      return [title, [NX, TYPES_ALONE, RESTRICTED].find((rule) => broken.includes(`${rule}:`))];
    });
    expect(refused).toEqual(CASES.map(({ title, rule }) => [title, rule]));
  });
});
