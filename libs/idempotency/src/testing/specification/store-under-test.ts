import type { StoreSecrets } from '../../data-key.ts';
import type { IdempotencyStore } from '../../store.ts';
import type { Row } from '../../stores/stored-record.ts';
import type { KeyRecord } from '../../transition.ts';

/** The data of one store, with direct access for the tests. */
export interface StoreUnderTest {
  /** Opens another store on the same data, as another process does. */
  open(): Promise<IdempotencyStore>;
  /** Reads all records without the store. */
  records(): Promise<ReadonlyMap<string, KeyRecord>>;
  /** Deletes all records. */
  clear(): Promise<void>;
  /** Moves the time of the last change of all records into the past. */
  age(ms: number): Promise<void>;
  /** Sets the clock of the machine or of the server, by this much. */
  moveClock(ms: number): Promise<void>;
  /** Closes the stores and removes the data. */
  remove(): Promise<void>;
}

/** An SQL database with the tables of the stores. */
export interface DatabaseUnderTest extends StoreUnderTest {
  /** Makes the tables of the first version of the schema, see `first-schema.ts`. */
  readonly firstSchema: string;
  open(secrets?: StoreSecrets): Promise<IdempotencyStore>;
  /** Keeps stores from applying anything. @returns lets them go on */
  hold(): Promise<() => Promise<void>>;
  /** Runs a statement on a separate connection. Rejects when the database refuses it. */
  sql(statement: string): Promise<void>;
  /** The rows of a query on a separate connection. */
  rows(query: string): Promise<readonly Row[]>;
}

/** What a test of the specification works with. */
export interface StoreFixture {
  readonly store: IdempotencyStore;
  /** A second store on the same data. */
  readonly otherProcess: IdempotencyStore;
  /** The data of both stores. It has no records when a test begins. */
  readonly data: StoreUnderTest;
  /** Creates other data, which no store has opened yet, for one test. */
  createData(): Promise<StoreUnderTest>;
}
