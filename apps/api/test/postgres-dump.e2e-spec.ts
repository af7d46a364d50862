import { expect, it } from '@jest/globals';
import { InstalledPostgres, POSTGRES_PROGRAMS } from '@bookings/idempotency/testing';
import { BUSINESS } from './documented.ts';
import { idsOf, names, Proxies, useFake } from './restored-store.ts';
import { onTeardown } from './teardown.ts';
import { temporaryFolder } from './temporary-folder.ts';

const graph = useFake();

// `pg_dump` must not be older than the server, so the server is the one that comes with it.
(POSTGRES_PROGRAMS === undefined ? it.skip : it)(
  'creates nothing again after a dump of PostgreSQL was restored, under `keys guard`',
  async () => {
    const server = await InstalledPostgres.start(POSTGRES_PROGRAMS ?? '');
    onTeardown(() => server.stop());
    await server.run('psql', server.url('postgres'), '-c', 'CREATE DATABASE store');
    const url = server.url('store');
    const proxies = new Proxies(graph.fake, { STATE_URL: url });
    await proxies.restart();
    const before = await proxies.create('before');

    const dump = `${temporaryFolder()}/store.sql`;
    const since = new Date().toISOString();
    await server.run('pg_dump', '--clean', '--if-exists', '--file', dump, url);
    const first = await Promise.all(names(20).map((key) => proxies.create(key)));
    await proxies.restart(async () => {
      const stop = ['--set', 'ON_ERROR_STOP=1', '--single-transaction', '--quiet'];
      await server.run('psql', ...stop, '--file', dump, url);
      expect(await proxies.keys('guard', '--since', since)).toMatchObject({ code: 0 });
    });

    const again = await Promise.all(names(20).map((key) => proxies.create(key)));
    expect(idsOf(again)).toEqual(idsOf(first));
    const replayed = await proxies.create('before');
    expect([replayed.text, replayed.headers.get('idempotent-replayed')]).toEqual([
      before.text,
      'true',
    ]);
    expect(graph.fake.customers(BUSINESS)).toHaveLength(21);
    await proxies.stack.stop();
  },
);
