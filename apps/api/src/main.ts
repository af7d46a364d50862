// Has no static imports, so that an older Node can run it and report its version.
const [major = '0'] = process.versions.node.split('.');

if (Number(major) < 24) {
  process.stderr.write(
    `Node 24 or later is required, and this is ${process.versions.node}. After npm ci, use node_modules/.bin/node.\n`,
  );
  process.exitCode = 1;
} else {
  const args = process.argv.slice(2);
  const stopReceiving = args.length === 0 ? receiveSignals() : () => undefined;
  const { run } = await import('./bootstrap.ts');
  await run(args, process.env, stopReceiving);
}

/**
 * Until `Shutdown` takes over. The first process of a container has no default for signals, so it would
 * ignore one that arrives while the rest of the program is loaded.
 *
 * @returns removes the listeners of the signals that end the process
 */
function receiveSignals(): () => void {
  const ending = ['SIGTERM', 'SIGINT', 'SIGHUP'];
  const end = () => process.exit(0);
  for (const signal of ending) process.on(signal, end);
  for (const signal of ['SIGUSR1', 'SIGUSR2']) process.on(signal, () => undefined);
  return () => {
    for (const signal of ending) process.removeListener(signal, end);
  };
}

export {};
