// The package that the tests of other teams install: the library, the command and one file of
// declarations. Only jose stays a dependency.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

rmSync('dist', { recursive: true, force: true });

await build({
  entryPoints: ['src/index.ts', 'src/cli.ts'],
  outdir: 'dist',
  format: 'esm',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  sourcemap: false,
  logLevel: 'warning',
});

const declarations = await rollup({
  input: 'src/index.ts',
  external: ['jose', /^node:/],
  plugins: [dts({ tsconfig: 'tsconfig.json' })],
  onLog: (_level, log) => {
    throw new Error(log.message);
  },
});
await declarations.write({ file: 'dist/index.d.ts' });
await declarations.close();
