// The local stack: the fake Graph in this process and the production API in a child process. SIGINT
// and SIGTERM stop both. With `--watch` the API restarts when its source changes.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { createCommand } from './create-command.ts';
import { apiEnvironment, ready } from './local-api.ts';
import { localPorts } from './local-ports.mjs';
import { DOCUMENTED_BUSINESS, noteRunningFake } from './local-stack.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);
const complain = (text: string) => process.stderr.write(`${text}\n`);

/** What a debugger sets, so that it attaches to child processes as well. */
const DEBUGGER = ['NODE_OPTIONS', 'VSCODE_INSPECTOR_OPTIONS'];

function startApi(fake: GraphFake, port: number): ChildProcess {
  const script = process.argv.includes('--watch') ? 'apps/api/serve.mjs' : 'apps/api/dist/main.js';
  return spawn(process.execPath, ['--enable-source-maps', script], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...Object.fromEntries(DEBUGGER.map((key) => [key, process.env[key]])),
      ...apiEnvironment(proxyEnvironment(fake), port),
    },
  });
}

async function introduce(fake: GraphFake, url: string): Promise<string> {
  const token = await fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
  return `
The API       ${url}
Try it        ${url}/docs
Fake Graph    ${fake.url}
Business      ${DOCUMENTED_BUSINESS}
More tokens   npm run -s token -- --roles BookingsAppointment.ReadWrite.All

This creates the documented customer, once however often it is sent. Its token lasts an hour.
Tokens and customers end with this stack.

${createCommand(url, token, randomUUID())}

Ctrl-C stops both.`;
}

/** Why nothing can listen on a port, and what to do. */
function listenFault(port: number, setting: string, error: unknown): string {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const [reason, remedy] = isTaken
    ? ['is taken', 'stop what listens there, or choose another']
    : [`cannot be used (${reasonOf(error)})`, 'choose another'];
  return `Port ${port} ${reason}: ${remedy} with ${setting}.`;
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function startFake(port: number): Promise<GraphFake | undefined> {
  try {
    return await GraphFake.start({ port });
  } catch (error) {
    complain(listenFault(port, 'GRAPH_FAKE_PORT', error));
    return undefined;
  }
}

/**
 * Returns `port`, or a free one for 0, because the address of the API must be known before it starts.
 *
 * @returns undefined if it cannot be used
 */
async function claimPort(port: number): Promise<number | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    complain(listenFault(port, 'PORT', error));
    return undefined;
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : undefined;
}

async function main(): Promise<number> {
  let ports: ReturnType<typeof localPorts>;
  try {
    ports = localPorts(process.env);
  } catch (error) {
    complain(reasonOf(error));
    return 1;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stopping.abort();
    });
  }
  const apiPort = await claimPort(ports.api);
  const fake = apiPort === undefined ? undefined : await startFake(ports.fake);
  if (apiPort === undefined || !fake) return 1;
  noteRunningFake(fake.url);
  const api = startApi(fake, apiPort);
  const ended = new AbortController();
  const exit = once(api, 'exit').then(([code]: unknown[]) => {
    ended.abort();
    return typeof code === 'number' ? code : 1;
  });
  stopping.signal.addEventListener('abort', () => api.kill('SIGTERM'));
  if (stopping.signal.aborted) api.kill('SIGTERM');
  const url = `http://127.0.0.1:${apiPort}`;
  if (await ready(url, AbortSignal.any([ended.signal, stopping.signal]))) {
    say(await introduce(fake, url));
  }
  const code = await exit;
  await fake.close();
  if (stopping.signal.aborted) return 0;
  complain(`The API ended by itself with exit code ${code}; what it printed above says why.`);
  return code === 0 ? 1 : code;
}

process.exit(await main());
