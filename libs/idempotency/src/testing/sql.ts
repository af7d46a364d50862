import { GUARD } from '../guard.ts';

export const DELETE_RECORDS = `DELETE FROM idempotency_keys;
  DELETE FROM idempotency_meta WHERE name = '${GUARD}'`;

export function ageRecords(ms: number): string {
  return `UPDATE idempotency_keys SET changed_at_ms = changed_at_ms - ${ms}`;
}
