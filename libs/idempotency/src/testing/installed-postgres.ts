import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

/** Any user but root, as which PostgreSQL refuses to run. */
const OTHER_ID = 65_534;
const START_MS = 120_000;

/** A server of the installed PostgreSQL. Unlike `PostgresServer`, it comes with clients like pg_dump. */
export class InstalledPostgres {
  private constructor(
    private readonly programs: string,
    private readonly server: ChildProcess,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** @param programs the folder of PostgreSQL's programs */
  static async start(programs: string): Promise<InstalledPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'installed-postgres-'));
    const user = process.getuid?.() === 0 ? { uid: OTHER_ID, gid: OTHER_ID } : {};
    if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
    await chmod(folder, 0o700);
    const initdb = [...['-D', folder, '-U', 'postgres', '--auth=trust'], '--no-sync'];
    await promisify(execFile)(join(programs, 'initdb'), initdb, user);
    const port = await freePort();
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
    const args = ['-D', folder, '-p', String(port), ...settings.flatMap((each) => ['-c', each])];
    const child = spawn(join(programs, 'postgres'), args, { stdio: 'ignore', ...user });
    const server = new InstalledPostgres(programs, child, folder, port);
    await server.#ready();
    return server;
  }

  url(database: string): string {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  /** Runs a client. @returns what it prints */
  async run(program: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(join(this.programs, program), args);
    return stdout;
  }

  async stop(): Promise<void> {
    if (this.server.exitCode === null && this.server.signalCode === null) {
      const exit = once(this.server, 'exit');
      this.server.kill('SIGINT');
      await exit;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    const until = Date.now() + START_MS;
    while (Date.now() < until && this.server.exitCode === null) {
      const answers = await this.run('psql', this.url('postgres'), '-c', 'SELECT').then(
        () => true,
        () => false,
      );
      if (answers) return;
      await sleep(50);
    }
    await this.stop();
    throw new Error('the installed PostgreSQL does not start');
  }
}
