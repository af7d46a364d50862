// Has no static imports, so that an older Node can run it and report its version.
const [major = '0'] = process.versions.node.split('.');

if (Number(major) < 24) {
  process.stderr.write(
    `Node 24 or later is required, and this is ${process.versions.node}. After npm ci, use node_modules/.bin/node.\n`,
  );
  process.exitCode = 1;
} else {
  const args = process.argv.slice(2);
  if (args.length === 0) receiveSignals();
  const { run } = await import('./bootstrap.ts');
  await run(args, process.env);
}

/**
 * Until `Shutdown` takes over. The first process of a container has no default for signals, so it would
 * ignore one that arrives while the rest of the program is loaded.
 */
function receiveSignals(): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.exit(0));
  for (const signal of ['SIGUSR1', 'SIGUSR2']) process.on(signal, () => undefined);
}

export {};
