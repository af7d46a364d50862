import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg, { type ClientConfig } from 'pg';
import { prepareSchema } from './schema.ts';
import { CHANNEL } from './shared-sql.ts';

const LIMITS: ClientConfig = {
  connectionTimeoutMillis: 1000,
  // A limit on the client's side, for a server that does not answer.
  query_timeout: 1000,
  keepAlive: true,
};

/** How long a message to itself may take. Behind a pooler it does not arrive, or by chance. */
const HEARING_MS = 1000;

/** What becomes of a connection. */
export interface ConnectionEvents {
  lost(client: pg.Client): void;
  message(payload: string): void;
}

export interface Connection {
  readonly client: pg.Client;
  /** Whether messages of other processes arrive. */
  readonly isHearing: boolean;
}

/**
 * Connects and listens to what other processes say.
 *
 * @param isPrepared whether the tables are there
 */
export async function openConnection(
  url: string,
  isPrepared: boolean,
  events: ConnectionEvents,
): Promise<Connection> {
  const client = new pg.Client({ ...LIMITS, connectionString: url });
  const lost = () => {
    events.lost(client);
  };
  // Without a listener a lost connection would end the process.
  client.on('error', lost);
  client.on('end', lost);
  client.on('notification', ({ payload = '' }) => {
    events.message(payload);
  });
  try {
    await client.connect();
    if (!isPrepared) await prepareSchema(client);
    await client.query(`LISTEN ${CHANNEL}`);
    return { client, isHearing: await hears(client, url) };
  } catch (error) {
    end(client);
    throw error;
  }
}

/**
 * Whether a message of another connection arrives while this one is idle. One of its own would arrive
 * with the answer to its statement, behind a pooler too.
 */
async function hears(client: pg.Client, url: string): Promise<boolean> {
  const message = randomUUID();
  const heard = new Promise<true>((resolve) => {
    client.on('notification', ({ payload }) => {
      if (payload === message) resolve(true);
    });
  });
  const other = new pg.Client({ ...LIMITS, connectionString: url });
  other.on('error', () => undefined);
  try {
    await other.connect();
    await other.query('SELECT pg_notify($1, $2)', [CHANNEL, message]);
  } finally {
    end(other);
  }
  return Promise.race([heard, sleep(HEARING_MS, false, { ref: false })]);
}

/** A connection whose server hangs does not end by itself. */
export function end(client: pg.Client): void {
  client.end().catch(() => undefined);
  client.connection.stream.destroy();
}
