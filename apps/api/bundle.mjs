// Bundles the application and what it imports from their source.
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';
import { context } from 'esbuild';

/** Optional packages of Nest and of the PostgreSQL driver that are not installed. */
const NOT_INSTALLED = [
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  'pg-native',
];

/** CommonJS packages expect these names, which an ES module does not have. */
const COMMON_JS = [
  "import { createRequire as bundleRequire } from 'node:module';",
  'const require = bundleRequire(import.meta.url);',
  'const __filename = import.meta.filename;',
  'const __dirname = import.meta.dirname;',
].join('\n');

const here = (path) => join(import.meta.dirname, path);

/** The folders with the source of the bundle. */
export const SOURCES = [
  here('src'),
  ...['domain', 'graph-client', 'idempotency', 'mailbox-permits'].map((name) =>
    here(`../../libs/${name}/src`),
  ),
];

const compile = (path, options) =>
  transformFile(path, { configFile: here('../../.swcrc'), ...options });

/** Nest needs the types of constructor parameters at run time. swc emits them, esbuild does not. */
const decoratorMetadata = {
  name: 'decorator-metadata',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const options = { sourceMaps: 'inline', jsc: { rewriteRelativeImportExtensions: false } };
      return { contents: (await compile(path, options)).code, loader: 'js' };
    });
  },
};

/**
 * prom-client imports OpenTelemetry's API for exemplars, which are not used. Without this, every
 * process would load it.
 */
const noExemplars = {
  name: 'no-exemplars',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@opentelemetry\/api$/ }, ({ importer }) =>
      /[/\\]prom-client[/\\]/.test(importer) ? { path: 'unused', namespace: 'empty' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'empty' }, () => ({ contents: '' }));
  },
};

/**
 * Writes the folder `outdir`. The returned context of esbuild can write it again after a change, and
 * the returned metafile says what is inside.
 *
 * @param {string[]} installed packages to load from node_modules instead, which is faster to build
 */
export async function bundle(outdir, installed = []) {
  await rm(here(outdir), { recursive: true, force: true });
  await mkdir(here(`${outdir}/docs`), { recursive: true });
  for (const name of ['page.css', 'page.js']) {
    await copyFile(here(`src/openapi/page/${name}`), here(`${outdir}/docs/${name}`));
  }
  for (const name of ['favicon-32x32.png', 'swagger-ui-bundle.js', 'swagger-ui.css']) {
    const file = fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`));
    await copyFile(file, here(`${outdir}/docs/${name}`));
  }
  // Not bundled: an older Node must be able to parse this file and report that it is too old.
  const { code } = await compile(here('src/main.ts'), { sourceMaps: false });
  await writeFile(here(`${outdir}/main.js`), code);
  const bundled = await context({
    absWorkingDir: import.meta.dirname,
    entryPoints: [
      'src/bootstrap.ts',
      'src/keys.ts',
      'src/mailboxes.ts',
      // The SQLite store starts this worker thread from a file beside its own.
      '../../libs/idempotency/src/stores/sqlite/sqlite-worker.ts',
    ],
    outdir,
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    sourcemap: 'linked',
    metafile: true,
    conditions: ['@bookings/source'],
    banner: { js: COMMON_JS },
    external: [...NOT_INSTALLED, ...installed],
    plugins: [decoratorMetadata, noExemplars],
    logLevel: 'warning',
  });
  const { metafile } = await bundled.rebuild();
  return { bundled, metafile };
}

if (import.meta.main) {
  const { bundled } = await bundle('dist');
  await bundled.dispose();
}
