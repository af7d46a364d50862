import type { KeyEvent, KeyRecord, Transition } from './key-events.ts';

export type { KeyEvent, KeyOutcome, KeyRecord, KeyState, Look, Transition } from './key-events.ts';

const LOST: Transition = { outcome: { kind: 'lost' } };

/**
 * The protocol, as a function: what `event` makes of the record at `nowMs`. Stores apply it atomically.
 *
 * @param unsettledDuplicates for a claim: how many other records of its content are unknown. It stays
 *   true for as long as the claim holds, as no duplicate can be claimed meanwhile
 */
export function transition(
  found: KeyRecord | undefined,
  event: KeyEvent,
  nowMs: number,
  unsettledDuplicates = 0,
): Transition {
  if (event.kind === 'claim') return claim(found, event, nowMs, unsettledDuplicates);
  if (event.kind === 'resolve') return resolved(found, event.customer, nowMs);
  if (found?.fence !== event.fence || !isHeld(found)) return LOST;
  switch (event.kind) {
    case 'send':
      // Whoever comes too late must not begin: another may already be at it.
      if (found.leaseUntilMs <= nowMs) return LOST;
      return moved({
        ...found,
        state: 'sent',
        leaseUntilMs: nowMs + event.leaseMs,
        // The window of what may have been carried out opens with the first such attempt.
        sentAtMs: found.everUnknown ? (found.sentAtMs ?? nowMs) : nowMs,
      });
    case 'renew':
      if (found.leaseUntilMs <= nowMs) return LOST;
      return moved({ ...found, leaseUntilMs: nowMs + event.leaseMs });
    case 'done':
      return moved({ ...found, state: 'done', customer: event.customer, answer: event.answer });
    case 'release':
      return moved({ ...found, state: found.everUnknown ? 'unknown' : 'free' });
    case 'abandon':
      return moved(abandoned(found, nowMs));
  }
}

/** What a record is once its lease has run out and somebody needs to know. */
export function expired(record: KeyRecord): KeyRecord {
  const next = { ...record, fence: record.fence + 1 };
  if (record.state === 'sent') return abandoned(next, record.leaseUntilMs);
  return { ...next, state: record.everUnknown ? 'unknown' : 'free' };
}

/** Whether somebody is, or was when a process ended, at work under the key. */
export function isHeld({ state }: KeyRecord): boolean {
  return state === 'reserved' || state === 'sent';
}

function claim(
  found: KeyRecord | undefined,
  { content, leaseMs }: KeyEvent & { kind: 'claim' },
  nowMs: number,
  unsettledDuplicates: number,
  tookOver = false,
): Transition {
  if (found && isHeld(found)) {
    const leftMs = found.leaseUntilMs - nowMs;
    if (leftMs <= 0) {
      const again = { kind: 'claim', content, leaseMs } as const;
      return claim(expired(found), again, nowMs, unsettledDuplicates, true);
    }
    return found.content === content
      ? { outcome: { kind: 'running', leftMs } }
      : { outcome: { kind: 'another-body' } };
  }
  const clean = !found || (found.state === 'free' && !found.everUnknown);
  if (!clean && found.content !== content) return { outcome: { kind: 'another-body' } };
  if (found?.state === 'done' && found.answer) {
    return { outcome: { kind: 'replay', answer: found.answer } };
  }
  const record: KeyRecord = {
    state: 'reserved',
    fence: (found?.fence ?? 0) + 1,
    content,
    leaseUntilMs: nowMs + leaseMs,
    everUnknown: found?.everUnknown ?? false,
    sentAtMs: clean ? undefined : found.sentAtMs,
    abandonedAtMs: clean ? undefined : found.abandonedAtMs,
    customer: clean ? undefined : found.customer,
    answer: undefined,
  };
  const { sentAtMs, abandonedAtMs, customer } = record;
  const look =
    sentAtMs === undefined || abandonedAtMs === undefined
      ? undefined
      : { sentAtMs, abandonedAtMs, nowMs, unsettledDuplicates, customer };
  return { record, outcome: { kind: 'claimed', fence: record.fence, look, tookOver } };
}

/** What is not unknown needs no operator. */
function resolved(
  found: KeyRecord | undefined,
  customer: string | undefined,
  nowMs: number,
): Transition {
  const record = found && isHeld(found) && found.leaseUntilMs <= nowMs ? expired(found) : found;
  if (record?.state !== 'unknown') return LOST;
  if (customer !== undefined) return moved({ ...record, customer });
  return moved({
    ...record,
    state: 'free',
    everUnknown: false,
    sentAtMs: undefined,
    abandonedAtMs: undefined,
    customer: undefined,
  });
}

/** From `sent` on the end is unknown; before it, what is known of the key stays as it was. */
function abandoned(record: KeyRecord, atMs: number): KeyRecord {
  if (record.state !== 'sent') return { ...record, state: record.everUnknown ? 'unknown' : 'free' };
  return { ...record, state: 'unknown', everUnknown: true, abandonedAtMs: atMs };
}

function moved(record: KeyRecord): Transition {
  return { record, outcome: { kind: 'moved' } };
}
