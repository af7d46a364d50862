import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SETTINGS, UNSUPPORTED_SETTINGS } from './config/settings.ts';
import { DOCUMENTS, ROOT, code, read, spans } from './documents.fixture.ts';

/** Settings of tests and tools, by the file that reads them. */
const OTHER_SETTINGS: Readonly<Record<string, string>> = {
  BOOKINGS_SCOPE: 'docs/examples/sign-up.ts',
  BOOKINGS_TOKEN: 'docs/examples/sign-up.ts',
  CHROMIUM: 'apps/api/test/chromium.ts',
  CI: '.ci/run',
  FUZZ_MS: 'apps/api/test/security/fuzz.e2e-spec.ts',
  FUZZ_SEED: 'apps/api/test/security/fuzz.e2e-spec.ts',
  GRAPH_FAKE_PORT: 'tools/local-stack.ts',
  GRAPH_LIVE_ACCESS_TOKEN: 'tools/pact/live-settings.ts',
  GRAPH_LIVE_AUTHORITY_HOST: 'tools/pact/live-settings.ts',
  GRAPH_LIVE_BASE_URL: 'tools/pact/live-settings.ts',
  GRAPH_LIVE_BUSINESS: 'tools/pact/live-settings.ts',
  GRAPH_LIVE_CLIENT_ID: 'tools/pact/live-settings.ts',
  GRAPH_LIVE_CLIENT_SECRET: 'tools/pact/live-settings.ts',
  GRAPH_LIVE_POWERLESS_TOKEN: 'tools/pact/live-settings.ts',
  GRAPH_LIVE_TENANT_ID: 'tools/pact/live-settings.ts',
  GRAPH_METADATA_HISTORY: 'tools/test/drift/drift-replay.e2e-spec.ts',
  HISTORY_SEED: 'apps/api/test/history.e2e-spec.ts',
  MIXED_RUN_SEED: 'apps/api/test/mixed-run.e2e-spec.ts',
  NODE_OPTIONS: 'nx.json',
  PACT_BRANCH: 'tools/pact/git-version.ts',
  PACT_BROKER_BASE_URL: 'tools/pact/broker-settings.ts',
  PACT_BROKER_PASSWORD: 'tools/pact/broker-settings.ts',
  PACT_BROKER_TIMEOUT_MS: 'tools/pact/broker-settings.ts',
  PACT_BROKER_TOKEN: 'tools/pact/broker-settings.ts',
  PACT_BROKER_USERNAME: 'tools/pact/broker-settings.ts',
  PACT_URL: 'libs/contracts/src/broker-pacts.ts',
  PACT_VERIFY_TIMEOUT_MS: 'tools/pact/verify-settings.ts',
};
/** Settings of Node and of OpenTelemetry, and words in capitals that are no settings. */
const FOREIGN = ['NODE_EXTRA_CA_CERTS', 'OTEL_EXPORTER_OTLP_HEADERS', 'DELETE', 'PATCH', 'POST'];
/** Commands of npm and Nx themselves. */
const NPM_COMMANDS = ['init', 'install', 'pkg', 'version', 'audit', 'ci', 'pack', 'run'];
const NX_COMMANDS = ['graph'];
/** Files that a reader or a command makes. */
const GENERATED = ['registration.json', 'apps/api/dist', 'sbom.cdx.json'];
const OPTION = /'?([\w-]+)'?: \{ type: '(?:string|boolean)'/g;

const OF_WORKSPACE = { cwd: ROOT, exclude: ['**/node_modules/**', '**/{dist,build}/**'] };

const json = (path: string): unknown => JSON.parse(read(path));
const keys = (path: string, member: 'scripts' | 'targets' | 'targetDefaults') =>
  Object.keys((json(path) as Record<string, object>)[member] ?? {});

/** Names of options that the commands declare for `parseArgs`. */
function declaredOptions(): string[] {
  const files = globSync(
    ['tools/**/*.ts', 'apps/api/test/history/*.ts', 'libs/graph-fake/src/*.ts'],
    OF_WORKSPACE,
  );
  return files.flatMap((file) => [...read(file).matchAll(OPTION)].map(([, name = '']) => name));
}

/** The target of a heading's link, as GitHub makes it. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');

describe.each(DOCUMENTS)('%s', (path) => {
  it('names scripts of npm that exist', () => {
    const commands = code(path).flatMap((line) =>
      [...line.matchAll(/\bnpm (?:run )?(?:-\S+ )*([a-z][\w:-]*)/g)].map(([command, name = '']) => {
        const inBench = read(path).includes(`\`${command}\` in \`tools/bench\``);
        return {
          name,
          scripts: keys(inBench ? 'tools/bench/package.json' : 'package.json', 'scripts'),
        };
      }),
    );
    const missing = commands.filter(
      ({ name, scripts }) => !scripts.includes(name) && !NPM_COMMANDS.includes(name),
    );
    expect(missing).toEqual([]);
  });

  it('names options that the scripts declare', () => {
    const declared = declaredOptions();
    const options = code(path).flatMap((line) => {
      const [, rest = ''] = /\bnpm run .*? -- (.*)$/.exec(line) ?? [];
      return [...rest.matchAll(/(?<!\S)--([\w-]+)/g)].map(([, name = '']) => name);
    });
    expect(options.filter((name) => !declared.includes(name))).toEqual([]);
  });

  it('names targets of Nx that exist', () => {
    const targets = code(path).flatMap((line) =>
      [...line.matchAll(/\bnx (?:run-many -t |run )?([\w-]+)(?:[: ]([a-z][\w-]*))?/g)].map(
        ([, one = '', two = '']) => [one, two],
      ),
    );
    const missing = targets.filter(
      ([target = '', project = '']) =>
        !NX_COMMANDS.includes(target) &&
        !(project === '' && keys('nx.json', 'targetDefaults').includes(target)) &&
        !(project === 'api' && keys('apps/api/project.json', 'targets').includes(target)),
    );
    expect(missing).toEqual([]);
  });

  it('names settings that exist', () => {
    const known = [
      ...SETTINGS.map(({ key }) => key),
      ...UNSUPPORTED_SETTINGS,
      ...Object.keys(OTHER_SETTINGS),
      ...FOREIGN,
    ];
    const named = [
      ...spans(path).flatMap(
        (span) => /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?==|$)|^[A-Z]{3,}$/.exec(span) ?? [],
      ),
      ...code(path).flatMap((line) => /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?==)/.exec(line) ?? []),
    ];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('links to pages and headings that exist', () => {
    const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = links
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => {
        const [file = '', heading] = target.split('#');
        const linked = file === '' ? path : join(dirname(path), file);
        if (!existsSync(join(ROOT, linked))) return true;
        if (heading === undefined) return false;
        const headings = [...read(linked).matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
          anchor(text),
        );
        return !headings.includes(heading);
      });
    expect(broken).toEqual([]);
  });

  it('names files that exist', () => {
    const files = spans(path)
      .flatMap((span) => span.split(' '))
      .filter((name) =>
        /^[\w.*-][\w.*/-]*\.(?:ts|js|mjs|json|md|yaml)$|^(?:apps|libs|tools|docs|pacts|\.ci)\//.test(
          name,
        ),
      )
      .filter((name) => !GENERATED.includes(name))
      .map((name) => name.replace('/dist/', '/src/').replace(/\.js$/, '.ts'));
    const missing = files.filter((name) => {
      // A file without a folder is somewhere, and a path may begin in a folder of sources.
      const places = name.includes('/')
        ? [
            name,
            ...['apps/api', 'apps/api/src', dirname(path), join(dirname(path), 'src')].map(
              (folder) => join(folder, name),
            ),
          ]
        : [`{apps,libs,tools}/**/${name}`, name];
      return globSync(places, OF_WORKSPACE).length === 0;
    });
    expect(missing).toEqual([]);
  });
});

describe('a setting of tests and tools', () => {
  it.each(Object.entries(OTHER_SETTINGS))('is read where the list says: %s', (name, file) => {
    expect(read(file)).toContain(name);
  });
});
