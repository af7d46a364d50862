import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { killAfterTest } from './child-processes.ts';
import { ROOT } from './command.ts';

export interface Ports {
  readonly api: number;
  readonly fake: number;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/**
 * Starts the local stack without a build, which would disturb tests that run at the same time.
 *
 * @param args the arguments for Node, as in the scripts of package.json
 */
export function startLocal(
  ports: Ports,
  args: readonly string[] = ['tools/start-local.ts'],
  env: Readonly<Record<string, string>> = {},
) {
  return start(process.execPath, ports, args, env);
}

export function startNpm(ports: Ports, args: readonly string[]) {
  return start('npm', ports, args, {});
}

function start(
  command: string,
  ports: Ports,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) {
  const child = spawn(command, args, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      PORT: String(ports.api),
      GRAPH_FAKE_PORT: String(ports.fake),
      ...env,
    },
  });
  killAfterTest(child);
  const output = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    exit: once(child, 'exit'),
    stderr: text(child.stderr),
    /** The next line of the output that matches. */
    line: async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const { done, value } = await output.next();
        if (done === true)
          throw new Error(`The local stack ended without a line ${String(pattern)}.`);
        if (pattern.test(value)) return value;
      }
    },
  };
}
