import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** Any user but root, as which PgBouncer refuses to run. */
const OTHER_ID = 65_534;
const START_MS = 30_000;

/** PgBouncer in transaction mode: each transaction can run on another connection of the server. */
export class PgBouncer {
  private constructor(
    private readonly process: ChildProcess,
    private readonly port: number,
    private readonly folder: string,
  ) {}

  /** @param serverUrl a connection URI of the PostgreSQL server */
  static async start(program: string, serverUrl: string): Promise<PgBouncer> {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'));
    await chmod(folder, 0o755);
    const file = join(folder, 'pgbouncer.ini');
    await writeFile(file, settings(new URL(serverUrl), port));
    const user = process.getuid?.() === 0 ? { uid: OTHER_ID, gid: OTHER_ID } : {};
    const child = spawn(program, ['--quiet', file], { stdio: 'ignore', ...user });
    const bouncer = new PgBouncer(child, port, folder);
    await bouncer.#listening();
    return bouncer;
  }

  /** @returns the connection URI with which `url` is reached through PgBouncer */
  through(url: string): string {
    const pooled = new URL(url);
    pooled.port = String(this.port);
    return pooled.href;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGKILL');
      await once(this.process, 'exit');
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  async #listening(): Promise<void> {
    const until = Date.now() + START_MS;
    while (Date.now() < until && this.process.exitCode === null) {
      if (await accepts(this.port)) return;
      await sleep(20);
    }
    await this.stop();
    throw new Error('PgBouncer does not listen');
  }
}

function settings(server: URL, port: number): string {
  const { hostname, port: serverPort, username, password } = server;
  return `[databases]
* = host=${hostname} port=${serverPort} user=${username} password=${password}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
`;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
