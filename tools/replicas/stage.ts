import { GraphFake, type GraphFakeOptions, proxyEnvironment } from '@bookings/graph-fake';
import type { PostgresServer } from '@bookings/idempotency/testing/postgres-server';
import { ApiProcess } from './api-process.ts';
import { Client } from './client.ts';
import type { Plan } from './figure.ts';

/** How long Graph works on a request. */
const WORK_MS = 50;

/** One fake Graph, and processes in front of it, for one figure. */
export class Stage {
  readonly fake: GraphFake;
  readonly postgres: PostgresServer;
  readonly #replicas: ApiProcess[] = [];
  readonly #clients: Client[] = [];

  private constructor(fake: GraphFake, postgres: PostgresServer) {
    this.fake = fake;
    this.postgres = postgres;
  }

  /** Runs `use`, and stops everything that was started on the stage. */
  static async with<Result>(
    { postgres }: Plan,
    options: GraphFakeOptions,
    use: (stage: Stage) => Promise<Result>,
  ): Promise<Result> {
    const usual = { businesses: ['*'], workMs: WORK_MS, keepsJournal: false };
    const fake = await GraphFake.start({ ...usual, ...options });
    const stage = new Stage(fake, postgres);
    try {
      return await use(stage);
    } finally {
      await Promise.all(stage.#replicas.map((replica) => replica.kill()));
      await Promise.all(stage.#clients.map((client) => client.close()));
      await fake.close();
    }
  }

  /** Processes that share a new database. */
  async replicas(count: number, env: NodeJS.ProcessEnv = {}): Promise<readonly ApiProcess[]> {
    const shared = {
      STATE_URL: await this.postgres.createDatabase(),
      STATE_SECRET: 'one secret for every process',
      ...env,
    };
    return Promise.all(Array.from({ length: count }, () => this.process(shared)));
  }

  /** A process, by default with an SQLite file of its own. */
  async process(env: NodeJS.ProcessEnv = {}): Promise<ApiProcess> {
    const started = await ApiProcess.start({ ...proxyEnvironment(this.fake), ...env });
    this.#replicas.push(started);
    return started;
  }

  /** A caller of its own for the queues. */
  async client(): Promise<Client> {
    const appId = `00000000-0000-4000-8000-${String(this.#clients.length).padStart(12, '0')}`;
    const roles = ['BookingsAppointment.ReadWrite.All'];
    const client = new Client(await this.fake.issueToken({ roles, appId }));
    this.#clients.push(client);
    return client;
  }
}
