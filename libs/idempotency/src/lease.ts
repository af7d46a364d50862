import { type Change, isHeld, type KeyRecord } from './key-record.ts';

export function hasExpired({ leaseUntilMs }: KeyRecord, nowMs: number): boolean {
  return leaseUntilMs <= nowMs;
}

/** The record after its lease has expired. */
export function afterExpiry(record: KeyRecord): KeyRecord {
  return afterAbandon(record, record.leaseUntilMs);
}

/** The record with an expired lease taken into account. */
export function unexpired(found: KeyRecord | undefined, nowMs: number): KeyRecord | undefined {
  return found && isHeld(found) && hasExpired(found, nowMs) ? afterExpiry(found) : found;
}

/** The record after its holder has abandoned it. One that was not sent keeps its earlier state. */
export function afterAbandon(record: KeyRecord, atMs: number): KeyRecord {
  if (record.state !== 'sent') return afterRelease(record);
  const abandonedAtMs = Math.max(record.abandonedAtMs ?? atMs, atMs);
  return { ...record, state: 'unknown', everUnknown: true, abandonedAtMs };
}

/** The record after Graph did nothing under its lease. */
export function afterRelease(record: KeyRecord): KeyRecord {
  return { ...record, state: record.everUnknown ? 'unknown' : 'free' };
}

/** A free record that was never unknown says nothing, so it is deleted. */
export function kept(record: KeyRecord): Change {
  return record.state === 'free' && !record.everUnknown ? 'deleted' : record;
}
