// The package that internal services install: one file per module system and its declarations,
// with nothing to import. What the types take from the workspace is written out in them.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const entry = 'src/index.ts';
rmSync('dist', { recursive: true, force: true });

for (const [format, outfile] of [
  ['esm', 'dist/index.js'],
  ['cjs', 'dist/index.cjs'],
]) {
  await build({
    entryPoints: [entry],
    outfile,
    format,
    bundle: true,
    platform: 'neutral',
    target: 'es2022',
    logLevel: 'warning',
  });
}

const declarations = await rollup({
  input: entry,
  plugins: [dts({ tsconfig: 'tsconfig.json', includeExternal: ['@bookings/domain'] })],
  onLog: (_level, log) => {
    throw new Error(log.message);
  },
});
for (const file of ['dist/index.d.ts', 'dist/index.d.cts']) await declarations.write({ file });
await declarations.close();
