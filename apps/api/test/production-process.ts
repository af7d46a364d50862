import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach } from '@jest/globals';
import { type GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { jsonObject } from './stack.ts';
import { stateUrl } from './state-folder.ts';

/** The build, as production runs it. */
export const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const processes: ChildProcess[] = [];
afterEach(() => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
});

/** @param shell what a shell does first, such as setting a limit */
export function run(env: Record<string, string>, shell = ':') {
  const child = spawn('/bin/sh', ['-c', `${shell}; exec "$0" "$1"`, process.execPath, MAIN], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...env },
  });
  processes.push(child);
  return { child, exit: once(child, 'exit'), stderr: text(child.stderr), stdout: child.stdout };
}

/** Starts the process and gives its address as soon as its log says it. */
export async function serve(fake: GraphFake, env: Record<string, string> = {}, shell?: string) {
  const started = run(
    { ...proxyEnvironment(fake), STATE_URL: stateUrl(), PORT: '0', ...env },
    shell,
  );
  for await (const line of createInterface({ input: started.stdout })) {
    const { address, managementAddress = '' } = jsonObject(line);
    if (typeof address !== 'string') continue;
    started.stdout.resume();
    return { ...started, address, managementAddress: String(managementAddress) };
  }
  throw new Error(`the process ended before it listened: ${await started.stderr}`);
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
