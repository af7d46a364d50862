import { secretCheck } from '../sealing.ts';

import { HOUR_MS } from './specification/events.ts';

/** The types that differ between the databases. */
interface ColumnTypes {
  readonly integer: string;
  readonly boolean: string;
  readonly bytes: string;
  /** Ends each table. */
  readonly options: string;
}

const SQLITE: ColumnTypes = {
  integer: 'INTEGER',
  boolean: 'INTEGER',
  bytes: 'BLOB',
  options: ' STRICT',
};
const POSTGRES: ColumnTypes = {
  integer: 'bigint',
  boolean: 'boolean',
  bytes: 'bytea',
  options: '',
};

/**
 * The tables of the first version of the schema, as release 0.2.0 has made them, with a key that is
 * held and one that is done.
 */
export const FIRST_SQLITE_SCHEMA = schema(SQLITE);
export const FIRST_POSTGRES_SCHEMA = schema(POSTGRES);

function schema({ integer, boolean, bytes, options }: ColumnTypes): string {
  const nowMs = Date.now();
  return `CREATE TABLE idempotency_meta (name text PRIMARY KEY NOT NULL, value text NOT NULL)${options};
    INSERT INTO idempotency_meta VALUES ('schema_version', '1'), ('secret_check', '${secretCheck('secret')}');
    CREATE TABLE idempotency_keys (
      key TEXT PRIMARY KEY NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('reserved', 'sent', 'done', 'free', 'unknown')),
      fence ${integer} NOT NULL,
      content TEXT NOT NULL,
      lease_until_ms ${integer} NOT NULL,
      ever_unknown ${boolean} NOT NULL,
      sent_at_ms ${integer},
      abandoned_at_ms ${integer},
      customer TEXT,
      answer ${bytes},
      changed_at_ms ${integer} NOT NULL
    )${options};
    CREATE UNIQUE INDEX idempotency_customer ON idempotency_keys (customer)
      WHERE customer IS NOT NULL;
    CREATE UNIQUE INDEX idempotency_twin ON idempotency_keys (content)
      WHERE state IN ('reserved', 'sent');
    CREATE INDEX idempotency_unknown ON idempotency_keys (content) WHERE state = 'unknown';
    CREATE INDEX idempotency_settled ON idempotency_keys (changed_at_ms)
      WHERE state IN ('done', 'free');
    CREATE INDEX idempotency_unsettled ON idempotency_keys (changed_at_ms)
      WHERE state IN ('reserved', 'sent', 'unknown');
    INSERT INTO idempotency_keys VALUES
      ('held', 'sent', 5, 'lunch', ${nowMs + HOUR_MS}, FALSE, ${nowMs}, NULL, NULL, NULL, ${nowMs}),
      ('done', 'done', 7, 'dinner', ${nowMs}, FALSE, ${nowMs}, NULL, 'adele',
        CAST('answer' AS ${bytes}), ${nowMs});`;
}
