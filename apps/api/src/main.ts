// Nothing else is imported here: an older Node must be able to read this file and say so.
const [major = '0'] = process.versions.node.split('.');

/**
 * V8 can only be told at its start to prefer a small heap. With this the process stays at two
 * thirds of the memory, for more processor time per request (`npm run footprint`).
 */
const HEAP_FLAG = '--optimize-for-size';

/** Whether somebody has decided on the heap, this file included. */
function isSized(): boolean {
  const given = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  return /--(optimize-for-size|no-optimize-for-size|max-semi-space-size)/.test(given);
}

if (Number(major) < 24) {
  process.stderr.write(
    `Node 24 or later is needed and this is ${process.versions.node}; node_modules/.bin/node has one where npm ci brought it.\n`,
  );
  process.exitCode = 1;
} else if (!isSized() && process.platform !== 'win32' && process.execve) {
  // The same process, begun again: its id, its streams and its environment stay.
  const args = [HEAP_FLAG, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, [process.execPath, ...args], process.env);
} else {
  const { serve } = await import('./serve.ts');
  await serve(process.env);
}

export {};
