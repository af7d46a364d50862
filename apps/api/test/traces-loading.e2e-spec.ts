import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { jsonObject } from './json.ts';
import { OtlpCollector } from './otlp-collector.ts';
import { DIST, useProxyProcess } from './proxy-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const launcher = useProxyProcess();

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

/** The packages of which a process has loaded a module, as the source maps of its files name them. */
async function loadedPackages(settings: Record<string, string>): Promise<Set<string>> {
  const folder = temporaryFolder();
  // Node then writes the list of the modules that it has loaded.
  const proxy = await launcher.start({ ...settings, NODE_V8_COVERAGE: folder });
  expect((await proxy.create({ headers: { 'idempotency-key': 'loading' } })).status).toBe(201);
  expect(await proxy.stop()).toEqual([0, null]);
  const modules = readdirSync(folder)
    .flatMap((name) => {
      const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Coverage;
      return result.map(({ url }) => url);
    })
    .filter((url) => url.startsWith(`file://${DIST}/`) && !url.endsWith('/main.js'));
  return new Set(modules.map((url) => basename(url)).flatMap(packagesIn));
}

/** The npm packages in a file of the bundle. */
function packagesIn(file: string): string[] {
  const { sources } = jsonObject(readFileSync(join(DIST, `${file}.map`), 'utf8'));
  const paths = Array.isArray(sources) ? sources.map(String) : [];
  return paths.flatMap((path) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
}

const ofOpenTelemetry = (packages: ReadonlySet<string>) =>
  [...packages].filter((name) => name.startsWith('@opentelemetry/'));

it('loads nothing of OpenTelemetry without an endpoint', async () => {
  const packages = await loadedPackages({ OTEL_SERVICE_NAME: 'bookings' });
  expect([...packages]).toEqual(expect.arrayContaining(['fastify', 'pino', 'undici']));
  expect(ofOpenTelemetry(packages)).toEqual([]);
});

it('loads it with an endpoint', async () => {
  const packages = await loadedPackages(await new OtlpCollector().start());
  expect(ofOpenTelemetry(packages)).toContain('@opentelemetry/sdk-trace');
});
