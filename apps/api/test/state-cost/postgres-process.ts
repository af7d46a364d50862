// A PostgreSQL that waits for the disk, as a program of its own for whoever measures the API with
// it: sends its address when it is ready, for each message how often it has waited for the disk, and
// ends with the connection to who started it.
import pg from 'pg';
import { PostgresServer } from '../../src/idempotency/postgres/postgres-server.fixture.ts';

const server = await PostgresServer.start({ durable: true });
const url = await server.createDatabase();
const client = new pg.Client(url);
await client.connect();

async function waits(): Promise<void> {
  const { rows } = await client.query<{ waits: string }>(
    `SELECT sum(fsyncs) AS waits FROM pg_stat_io WHERE object = 'wal'`,
  );
  process.send?.({ waits: rows[0]?.waits ?? 'NaN' });
}

process.on('message', () => void waits());
process.once('disconnect', () => void client.end().then(() => server.stop()));
process.send?.({ url });
