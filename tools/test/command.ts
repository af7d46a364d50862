import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { killAfterTest } from './child-processes.ts';

/** The root of this workspace. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The exit code and the output of a command. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** Runs a script of `tools/`. Its environment has only `env`, PATH and HOME. */
export function run(
  script: string,
  args: readonly string[],
  env: Environment,
  cwd = ROOT,
): Promise<Ended> {
  return start(script, args, env, cwd).ended;
}

/** Starts a script as `run` does. */
export function start(script: string, args: readonly string[], env: Environment, cwd = ROOT) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [join(ROOT, 'tools', script), ...args], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${join(ROOT, 'node_modules/.bin')}:${PATH}`,
      HOME,
      PACT_DO_NOT_TRACK: 'true',
      ...env,
    },
  });
  killAfterTest(child);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = once(child, 'exit').then(async (): Promise<Ended> => {
    const [stdout, stderr] = await output;
    return { code: child.exitCode, stdout, stderr };
  });
  return { child, ended };
}
