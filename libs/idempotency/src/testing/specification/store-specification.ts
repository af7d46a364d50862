import { afterAll, afterEach, beforeAll, beforeEach, describe } from '@jest/globals';
import { specifyKeeping } from './keeping.ts';
import { specifyModel } from './model.ts';
import { specifyOpening } from './opening.ts';
import { specifyOtherKeys } from './other-keys.ts';
import { specifyProtocol } from './protocol.ts';
import { specifyRaces } from './races.ts';
import type { StoreUnderTest, Subject } from './store-under-test.ts';

/**
 * What every store does, as tests.
 *
 * @param create a new database
 * @param inOrder whether the store carries out in order what it is asked at once
 */
export function specifyStore(
  create: () => Promise<StoreUnderTest>,
  { inOrder }: { inOrder: boolean },
): void {
  let current: Omit<Subject, 'fresh'> | undefined;
  let removed: StoreUnderTest[] = [];
  const now = () => {
    if (!current) throw new TypeError('no test is running');
    return current;
  };
  const subject: Subject = {
    get store() {
      return now().store;
    },
    get elsewhere() {
      return now().elsewhere;
    },
    get database() {
      return now().database;
    },
    fresh: async () => {
      const database = await create();
      removed.push(database);
      return database;
    },
  };
  beforeAll(async () => {
    const database = await create();
    current = { database, store: await database.open(), elsewhere: await database.open() };
  });
  beforeEach(() => subject.database.sql('DELETE FROM idempotency_keys'));
  afterEach(async () => {
    await Promise.all(removed.map((database) => database.remove()));
    removed = [];
  });
  afterAll(() => current?.database.remove());

  describe('under one key', () => {
    specifyProtocol(subject);
  });
  describe('between keys', () => {
    specifyOtherKeys(subject);
  });
  describe('between processes', () => {
    specifyRaces(subject);
  });
  describe('when it is opened', () => {
    specifyOpening(subject);
  });
  describe('over time', () => {
    specifyKeeping(subject);
  });
  describe('whatever comes', () => {
    specifyModel(subject, inOrder);
  });
}
