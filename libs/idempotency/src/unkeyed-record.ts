import type { KeyEvent, KeyRecord } from './key-record.ts';

type Loss = Extract<KeyEvent, { kind: 'lost' }>;

/** Whether the record is done, and too old to answer another repeat without a key. */
export function isOver(
  { state, leaseUntilMs }: KeyRecord,
  replayForMs: number,
  nowMs: number,
): boolean {
  return state === 'done' && nowMs - leaseUntilMs > replayForMs;
}

/**
 * The record after a create without a key was lost. Several of them share one record when nothing
 * tells them apart, so its times cover all of them. A repeat that holds the record keeps its lease.
 *
 * @param found its lease has not expired
 * @returns undefined when nothing changes: the stored response answers the repeats of this create
 */
export function afterLoss(
  found: KeyRecord | undefined,
  { fingerprint, comparisons, beganAgoMs, replayForMs }: Loss,
  nowMs: number,
): KeyRecord | undefined {
  const sentAtMs = nowMs - beganAgoMs;
  if (found && found.state !== 'free' && !isOver(found, replayForMs, nowMs)) {
    if (found.state === 'done' || found.fingerprint !== fingerprint) return undefined;
    return {
      ...found,
      comparisons,
      everUnknown: true,
      sentAtMs: Math.min(found.sentAtMs ?? sentAtMs, sentAtMs),
      abandonedAtMs: Math.max(found.abandonedAtMs ?? nowMs, nowMs),
    };
  }
  return {
    state: 'unknown',
    // No request holds it, so it takes no fence.
    fence: found?.fence ?? 0,
    fingerprint,
    leaseUntilMs: nowMs,
    everUnknown: true,
    sentAtMs,
    abandonedAtMs: nowMs,
    customer: undefined,
    response: undefined,
    comparisons,
    changedAtMs: nowMs,
  };
}
