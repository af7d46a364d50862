import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nowMs } from './load.ts';
import { audience, issuer, keySet, role } from './tokens.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '../..');
/** The folder of the production build. */
export const PRODUCTION = join(ROOT, 'apps/api/dist');
const READY_WITHIN_MS = 60_000;
const TICK_MS = 10;
const UPSTREAM_TOKEN = 'upstream-token';

/** The measured server has its own core. This process and the upstream share another. */
const [GENERATOR_CORE, SERVER_CORE] = ['0', '1'];
const isPinned = spawnSync('taskset', ['-c', SERVER_CORE, 'true']).status === 0;

/** For logs and stores. It is deleted at exit. */
const folder = mkdtempSync(join(tmpdir(), 'bookings-bench-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
// The exit event kills the servers. A signal alone does not cause it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** Keeps this process and its children off the core of the servers. */
export function pinGenerator(): void {
  if (isPinned) spawnSync('taskset', ['-acp', GENERATOR_CORE, String(process.pid)]);
}

/** A server in its own process, whose output goes to a file. */
export class ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** The time from its start to the log line with its address. */
  readonly readyMs: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number, readyMs: number) {
    [this.#child, this.pid, this.port, this.readyMs] = [child, child.pid ?? NaN, port, readyMs];
  }

  static async start(name: string, core: string, main: string, settings: Record<string, string>) {
    const log = join(folder, `${name}-${Date.now()}.log`);
    const beganMs = nowMs();
    const node = process.execPath;
    const [file, args] = isPinned ? ['taskset', ['-c', core, node, main]] : [node, [main]];
    const child = spawn(file, args, {
      stdio: ['ignore', openSync(log, 'a'), 'inherit'],
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', PORT: '0', ...settings },
    });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    while (child.exitCode === null && nowMs() < beganMs + READY_WITHIN_MS) {
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(log, 'latin1'))?.[1];
      if (port !== undefined) return new ServerProcess(child, Number(port), nowMs() - beganMs);
      await sleep(5);
    }
    throw new Error(`${name} did not start:\n${readFileSync(log, 'utf8')}`);
  }

  get residentMb(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }

  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit');
    if (this.#child.kill('SIGKILL')) await exit;
  }
}

/** Processor time of all threads of a process: user and system (proc(5), `stat`). */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** How long all cores were busy, or taken by the host of the machine. */
export function machineBusyMs(): number {
  const ticks = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ') ?? [];
  // User, nice, system, irq, softirq and steal, without idle and iowait.
  return [0, 1, 2, 5, 6, 7].reduce((sum, at) => sum + Number(ticks[at]), 0) * TICK_MS;
}

export function startUpstream(program = 'graph-stub.ts'): Promise<ServerProcess> {
  const main = join(HERE, program);
  return ServerProcess.start('upstream', GENERATOR_CORE, main, { KEY_SET: keySet });
}

/** The production build in `dist`, with the configuration of production except for addresses. */
export function startProxy(name: string, upstream: ServerProcess, dist: string) {
  const url = `http://127.0.0.1:${upstream.port}`;
  return ServerProcess.start(name, SERVER_CORE, resolve(dist, 'main.js'), {
    AUTH_ISSUERS: issuer,
    AUTH_AUDIENCES: audience,
    AUTH_JWKS_URL: `${url}/keys`,
    GRAPH_BASE_URL: `${url}/v1.0`,
    GRAPH_CREDENTIAL: 'access-token',
    GRAPH_ACCESS_TOKEN: UPSTREAM_TOKEN,
    STATE_URL: `sqlite:${join(mkdtempSync(join(folder, 'state-')), 'state.db')}`,
  });
}

export function startPeer(name: string, upstream: ServerProcess): Promise<ServerProcess> {
  const upstreamUrl = `http://127.0.0.1:${upstream.port}`;
  const settings = { upstreamUrl, upstreamToken: UPSTREAM_TOKEN, issuer, audience, role };
  const env = { PEER_SETTINGS: JSON.stringify(settings) };
  return ServerProcess.start(name, SERVER_CORE, join(HERE, `build/${name}.js`), env);
}

/** Installs the peers if their lock file has changed, and compiles them. */
export function preparePeers(): void {
  const swc = join(ROOT, 'node_modules/@swc/cli/bin/swc.js');
  const options = ['--strip-leading-paths', '--quiet', '--config-file', '../../.swcrc'];
  const compile = [swc, 'peers', '-d', 'build', '--delete-dir-on-start', ...options];
  for (const args of [['../ensure-install.mjs'], compile]) {
    const { status } = spawnSync(process.execPath, args, { cwd: HERE, stdio: ['ignore', 2, 2] });
    if (status !== 0) throw new Error(`${args.join(' ')} failed`);
  }
}
