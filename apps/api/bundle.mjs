// Makes a few files of the compiled application and everything it imports.
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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

/** CommonJS packages expect these, and an ES module has none of them. */
const COMMON_JS = [
  "import { createRequire as bundleRequire } from 'node:module';",
  'const require = bundleRequire(import.meta.url);',
  'const __filename = import.meta.filename;',
  'const __dirname = import.meta.dirname;',
].join('\n');

/** A thread has a file of its own: the SQLite store starts it from beside itself. */
const SQLITE_WORKER = '../../libs/idempotency/dist/stores/sqlite/sqlite-worker.js';

await rm('dist', { recursive: true, force: true });
await mkdir('dist/docs', { recursive: true });
for (const name of ['favicon-32x32.png', 'swagger-ui-bundle.js', 'swagger-ui.css']) {
  const file = fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`));
  await copyFile(file, `dist/docs/${name}`);
}
// Not bundled: a Node that is too old to read the bundle must be able to read it and say so.
await copyFile('build/main.js', 'dist/main.js');
await build({
  entryPoints: ['build/bootstrap.js', 'build/keys.js', SQLITE_WORKER],
  outdir: 'dist',
  entryNames: '[name]',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  sourcemap: 'linked',
  banner: { js: COMMON_JS },
  external: NOT_INSTALLED,
  logLevel: 'warning',
});
