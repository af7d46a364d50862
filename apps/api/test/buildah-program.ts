import { spawnSync } from 'node:child_process';

/** Whether images can be built and run here. Without root, buildah needs more than its package. */
export const BUILDS_IMAGES =
  process.getuid?.() === 0 && spawnSync('buildah', ['--version']).status === 0;

// `npm test` runs this file before Nx, because Nx hides the output of passing tests.
if (import.meta.main && !BUILDS_IMAGES) {
  process.stderr.write(
    'The image from scratch is not built and run, because that needs root and the package buildah.\n',
  );
}
