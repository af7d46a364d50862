/**
 * Lets a test set the clock that the store reads. Functions of the schema `public` come first in the
 * search path of later connections.
 */
export const MOVABLE_CLOCK = `CREATE TABLE test_clock AS SELECT 0::bigint AS ahead_ms;
  CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz VOLATILE
    RETURN pg_catalog.clock_timestamp()
      + (SELECT ahead_ms FROM public.test_clock) * interval '1 ms';
  DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());
  END $$`;

export function moveClock(ms: number): string {
  return `UPDATE test_clock SET ahead_ms = ahead_ms + ${ms}`;
}
