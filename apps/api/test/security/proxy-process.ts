import { type ChildProcess, type SpawnOptionsWithoutStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import { jsonObject } from '../stack.ts';
import { stateUrl } from '../state-folder.ts';

/** The build, as production runs it. */
export const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** The production process, listening. */
export interface ProxyProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** All that it has written, standard error as well. */
  output(): string;
  /** SIGTERM; resolves with what it exits with. */
  stop(): Promise<unknown>;
}

/** Starts `command` and waits for the log line with its address; throws what it said when it ends before. */
export async function startProxy(
  command: readonly [string, ...string[]],
  env: Record<string, string>,
  options: SpawnOptionsWithoutStdio = {},
): Promise<ProxyProcess> {
  const [file, ...args] = command;
  const child = spawn(file, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], STATE_URL: stateUrl(), ...env, PORT: '0' },
  });
  running.add(child);
  const exit = once(child, 'exit').finally(() => running.delete(child));
  const chunks: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => chunks.push(`${line}\n`));
  const listening = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const { address } = jsonObject(line);
      if (typeof address === 'string') resolve(address);
    });
  });
  const url = await Promise.race([listening, exit.then(() => undefined)]);
  if (url === undefined) throw new Error(`it ended before it listened: ${chunks.join('')}`);
  return {
    url,
    child,
    output: () => chunks.join(''),
    stop: () => {
      child.kill('SIGTERM');
      return exit;
    },
  };
}
