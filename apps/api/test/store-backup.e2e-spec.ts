import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { proxyEnvironment } from '@bookings/graph-fake';
import { BUSINESS, CREATE_PERMISSION } from './documented.ts';
import { runKeys } from './keys-process.ts';
import { Stack, useStack } from './stack.ts';
import { stateUrl, temporaryFolder } from './temporary-folder.ts';

const STATE_URL = stateUrl();
const STATE_SECRET = 'a secret that is long enough';
const folder = temporaryFolder();

const stack = useStack({ STATE_URL, STATE_SECRET });
const backUp = (url: string, file: string) =>
  runKeys({ STATE_URL: url, STATE_SECRET }, 'backup', file);
const options = (key: string) => ({
  headers: { 'idempotency-key': key },
  body: JSON.stringify({ displayName: key }),
});

it('copies a SQLite store while creates run, and the copy knows the keys from before', async () => {
  const copy = join(folder, 'copy.db');
  const before = await stack.create(options('before'));
  const copied = new AbortController();
  const running = (async () => {
    for (let index = 0; !copied.signal.aborted; index += 1) {
      await stack.create(options(`during-${index}`));
    }
  })();
  const done = await backUp(STATE_URL, copy);
  copied.abort();
  await running;
  expect(done).toEqual({
    code: 0,
    stdout: `copied to ${copy}; keep the secret of the store as well\n`,
    stderr: '',
  });
  expect((await stat(copy)).mode & 0o777).toBe(0o600);

  const token = await stack.fake.issueToken({ roles: [CREATE_PERMISSION] });
  const restored = await Stack.start({
    ...proxyEnvironment(stack.fake),
    STATE_URL: `sqlite:${copy}`,
    STATE_SECRET,
  });
  const again = await restored.create({ ...options('before'), token });
  await restored.stop();
  expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([before.text, 'true']);
  expect(
    stack.fake.customers(BUSINESS).filter(({ displayName }) => displayName === 'before'),
  ).toHaveLength(1);
});

it.each([
  ['a copy that exists', STATE_URL, 'exists.db', 'EEXIST'],
  ['a store that does not exist', stateUrl(), 'none.db', 'does not exist'],
  ['PostgreSQL', 'postgres://localhost/x', 'pg.db', 'use pg_dump for PostgreSQL'],
])('refuses %s', async (_title, url, name, message) => {
  const file = join(folder, name);
  if (name === 'exists.db') expect((await backUp(url, file)).code).toBe(0);
  const { code, stderr } = await backUp(url, file);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});
