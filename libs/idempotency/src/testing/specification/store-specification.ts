import { afterAll, afterEach, beforeAll, beforeEach, describe } from '@jest/globals';
import { specifyClocks } from './clocks.ts';
import { specifyDuplicates } from './duplicates.ts';
import { specifyGuard } from './guard.ts';
import { specifyLifecycle } from './lifecycle.ts';
import { specifyModelBased } from './model-based.ts';
import { specifyProtocol } from './protocol.ts';
import { specifyRaces } from './races.ts';
import { specifyRetention } from './retention.ts';
import type { StoreFixture, StoreUnderTest } from './store-under-test.ts';
import { specifyUnknownKeys } from './unknown-keys.ts';

/**
 * The contract of `IdempotencyStore`, as tests. Every store must pass it.
 *
 * @param create creates empty data
 * @param options.inOrder whether the store applies concurrent events in the order of the calls
 */
export function specifyStore(
  create: () => Promise<StoreUnderTest>,
  { inOrder }: { inOrder: boolean },
): void {
  let current: Omit<StoreFixture, 'createData'> | undefined;
  let removed: StoreUnderTest[] = [];
  const opened = () => {
    if (!current) throw new TypeError('no test is running');
    return current;
  };
  const fixture: StoreFixture = {
    get store() {
      return opened().store;
    },
    get otherProcess() {
      return opened().otherProcess;
    },
    get data() {
      return opened().data;
    },
    createData: async () => {
      const data = await create();
      removed.push(data);
      return data;
    },
  };
  beforeAll(async () => {
    const data = await create();
    current = { data, store: await data.open(), otherProcess: await data.open() };
  });
  beforeEach(() => fixture.data.clear());
  afterEach(async () => {
    await Promise.all(removed.map((data) => data.remove()));
    removed = [];
  });
  afterAll(() => current?.data.remove());

  describe('for one key', () => {
    specifyProtocol(fixture);
  });
  describe('between keys', () => {
    specifyDuplicates(fixture);
  });
  describe('between processes', () => {
    specifyRaces(fixture);
  });
  describe('when it is opened and closed', () => {
    specifyLifecycle(fixture);
  });
  describe('over time', () => {
    specifyRetention(fixture);
  });
  describe('of unknown keys', () => {
    specifyUnknownKeys(fixture);
  });
  describe('when the clock is set', () => {
    specifyClocks(fixture);
  });
  describe('under guard', () => {
    specifyGuard(fixture);
  });
  describe('for random events', () => {
    specifyModelBased(fixture, inOrder);
  });
}
