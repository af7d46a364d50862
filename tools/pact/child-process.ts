import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { reasonOf } from './broker-refusal.ts';
import { CommandError } from './command-error.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface ChildOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Kills it and all that it has started. */
  readonly signal: AbortSignal;
  readonly onOutput: (line: string) => void;
  readonly onError: (line: string) => void;
}

/**
 * Runs a program. A signal to this process ends both.
 *
 * @returns its exit code; 1 if it was killed
 */
export async function runChild(
  command: string,
  args: readonly string[],
  { cwd, env, signal, onOutput, onError }: ChildOptions,
): Promise<number> {
  if (signal.aborted) return 1;
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group, because it starts other processes.
    detached: true,
  });
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // All of the group have ended.
    }
  };
  // Its process group does not receive Ctrl-C.
  const stop = (name: NodeJS.Signals) => {
    kill();
    process.exit(128 + constants.signals[name]);
  };
  signal.addEventListener('abort', kill);
  for (const name of SIGNALS) process.on(name, stop);
  try {
    const output = Promise.all([lines(child.stdout, onOutput), lines(child.stderr, onError)]);
    await once(child, 'exit');
    await output;
    return child.exitCode ?? 1;
  } catch (error) {
    throw new CommandError(`${command} could not be started: ${reasonOf(error)}`);
  } finally {
    signal.removeEventListener('abort', kill);
    for (const name of SIGNALS) process.off(name, stop);
  }
}

async function lines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) onLine(line);
}
