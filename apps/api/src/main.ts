// Nothing else is imported here: an older Node must be able to read this file and say so.
const [major = '0'] = process.versions.node.split('.');

/**
 * V8 can only be told at its start how large the young generation may become, and how small again
 * after a rest, in MB for half of it, and the C library how many arenas its threads may have. With
 * these and `keepHeapSmall` the process stays under 200 MB (`npm run soak`), and its slowest answers
 * are sooner where requests are few (figures of both in adr/0001).
 */
const YOUNG_FLAGS = ['--max-semi-space-size=16', '--min-semi-space-size=6'];
const MEMORY = { MALLOC_ARENA_MAX: '1' };

/** Whether somebody else has decided on the young generation. */
function isSized(): boolean {
  const given = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  return /--(optimize-for-size|max-semi-space-size)/.test(given);
}

if (Number(major) < 24) {
  process.stderr.write(
    `Node 24 or later is needed and this is ${process.versions.node}; node_modules/.bin/node has one where npm ci brought it.\n`,
  );
  process.exitCode = 1;
} else if (!isSized() && process.platform !== 'win32' && process.execve) {
  // The same process, begun again: its id, its streams and its environment stay.
  const args = [...YOUNG_FLAGS, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, [process.execPath, ...args], { ...MEMORY, ...process.env });
} else {
  const { enableCompileCache } = await import('node:module');
  // Made by the build; where it does not fit, or cannot be written, nothing is lost but time.
  enableCompileCache({ directory: `${import.meta.dirname}/compile-cache`, portable: true });
  const { serve, keepHeapSmall } = await import('./serve.ts');
  await serve(process.env);
  keepHeapSmall();
}

export {};
