import pg, { type ClientConfig } from 'pg';
import { prepareSchema } from './schema.ts';
import { CHANNEL } from './statements.ts';

const LIMITS: ClientConfig = {
  connectionTimeoutMillis: 1000,
  // A limit on the client's side, for a server that does not answer.
  query_timeout: 1000,
  keepAlive: true,
};

/** What becomes of a connection. */
export interface ConnectionEvents {
  lost(client: pg.Client): void;
  message(payload: string): void;
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
): Promise<pg.Client> {
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
    return client;
  } catch (error) {
    end(client);
    throw error;
  }
}

/** A connection whose server hangs does not end by itself. */
export function end(client: pg.Client): void {
  client.end().catch(() => undefined);
  client.connection.stream.destroy();
}
