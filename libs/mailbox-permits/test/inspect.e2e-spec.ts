import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing/postgres-server';
import { inspectPermits } from '../src/inspect.ts';
import { DatabaseUnderTest } from '../src/testing/database-under-test.ts';

let server: PostgresServer;
let database: DatabaseUnderTest;
beforeAll(async () => {
  server = await PostgresServer.start();
  database = await DatabaseUnderTest.create(server);
  await (await database.open()).contact([], []);
});
afterAll(async () => {
  server.thaw();
  await database.remove();
  await server.stop();
});

describe('the permits for operators', () => {
  it('are not waited for when the server hangs after the connection', async () => {
    // The server waits for the lock, and also does not notice that the connection ends.
    await database.client.query('BEGIN; LOCK TABLE mailbox_permits');
    await expect(inspectPermits(database.url)).rejects.toThrow('Query read timeout');
    await database.client.query('ROLLBACK');
    expect(await inspectPermits(database.url)).toMatchObject({ processes: 1 });
  }, 15_000);

  it('are not waited for when the server is frozen', async () => {
    await server.freeze();
    await expect(inspectPermits(database.url)).rejects.toThrow('timeout expired');
    server.thaw();
  }, 15_000);
});
