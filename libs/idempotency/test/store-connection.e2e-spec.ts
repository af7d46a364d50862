import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Serving, StoreConnection } from '../src/store-connection.ts';
import { acquire, applyAll, complete, HOUR_MS } from '../src/testing/specification/events.ts';
import { SqliteUnderTest } from '../src/testing/sqlite-under-test.ts';

let file: SqliteUnderTest;
beforeEach(async () => {
  file = await SqliteUnderTest.create();
  // A key that has ended 25 hours ago.
  const connection = connectionTo();
  await applyAll((await connection.connect()).store, 'old', acquire(), complete());
  await connection.close();
  await file.age(25 * HOUR_MS);
});
afterEach(() => file.remove());

function connectionTo(serving?: Serving): StoreConnection {
  const url = `sqlite:${file.path}`;
  return new StoreConnection({ url, secret: 'secret', previousSecret: undefined }, serving);
}

/** The keys that are left after the store was open for a first purge. */
async function keysAfter(connection: StoreConnection): Promise<readonly string[]> {
  await connection.connect();
  await connection.close();
  return [...(await file.records()).keys()];
}

describe('a connection to a store', () => {
  it('deletes no key for a command, which does not know how long the process keeps it', async () => {
    expect(await keysAfter(connectionTo())).toEqual(['old']);
  });

  it.each([
    [24, []],
    [168, ['old']],
  ])(
    'deletes the keys that are past the retention of %d h, for the process that serves',
    async (hours, left) => {
      expect(await keysAfter(connectionTo({ retentionMs: hours * HOUR_MS }))).toEqual(left);
    },
  );
});
