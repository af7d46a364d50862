import { CLOCK_STEP_MS } from '../../store-time.ts';
import { isDamaged, type KeyRecord, isHeld } from '../../transition.ts';
import { FOREVER, RULES, type Rules } from './rules.ts';
import { type Process, type Request, type Settlement, STRANGER, type Model } from './model.ts';

/**
 * Maps a model to text that is equal for models with the same future, so that the search is finite:
 *
 * - times are relative to now, and bounded by the rules;
 * - of the times of customers only the order counts;
 * - of a fence it only counts whether it is the current one, unless fences may come again;
 * - duplicates and processes are interchangeable.
 */
export function canonicalState(model: Model, rules: Rules): string {
  const { now, storeClock, records, copy, guard, settlement, freed, customers } = model;
  const { requests, processes, pendingKeys, left } = model;
  const since = (time: number, most: number): number => Math.max(time - now, -most);
  // Times of records in elapsed time.
  const elapsed = (time: number): number => time - storeClock.ahead;
  const past = rules.settle + 2;
  const owned = new Set(Object.values(records).map(({ customer }) => customer));
  const timeless = (id: string): boolean => rules.ownership && owned.has(id) && left.restores === 0;
  const lookups = processes.flatMap((process) =>
    'lookup' in process ? [process.lookup.sentAtMs] : [],
  );
  const sent = [...Object.values(records), ...Object.values(copy?.records ?? {})].flatMap(
    (record) =>
      record.state === 'done' || record.sentAtMs === undefined ? [] : elapsed(record.sentAtMs),
  );
  const guards = [copy?.at, guard?.sinceMs].flatMap((time) =>
    time === undefined ? [] : elapsed(time),
  );
  const stored = customers.filter(({ id }) => !timeless(id)).map((each) => each.createdAt);
  const order = [...new Set([now, ...lookups, ...sent, ...stored, ...guards])];
  order.sort((a, b) => a - b);
  const rank = (time: number | undefined): number =>
    time === undefined ? -1 : order.indexOf(time);

  const recordPart = (record: KeyRecord | undefined): unknown[] => {
    if (!record) return [];
    const { state, customer, everUnknown, sentAtMs, abandonedAtMs, leaseUntilMs } = record;
    if (state === 'done') return [state, customer, isDamaged(record)];
    if (record.changedAtMs > now + storeClock.ahead + CLOCK_STEP_MS) {
      // The clock was set back: when the record is seen, its times count from then.
      const length = isHeld(record) ? leaseUntilMs - record.changedAtMs : undefined;
      const ago = Math.max((abandonedAtMs ?? 0) - record.changedAtMs, -past);
      return [state, everUnknown, customer, length, sentAtMs !== undefined, ago];
    }
    const lease = isHeld(record) ? since(elapsed(leaseUntilMs), past) : undefined;
    const abandoned = abandonedAtMs === undefined ? undefined : since(elapsed(abandonedAtMs), past);
    const sent = sentAtMs === undefined ? undefined : elapsed(sentAtMs);
    // Only before a jump of the clock, the length of the lease counts.
    const { changedAtMs } = record;
    const length = changedAtMs < storeClock.evenSince ? leaseUntilMs - changedAtMs : undefined;
    return [state, everUnknown, lease, rank(sent), abandoned, length, customer];
  };
  const holds = (key: string, fence: number): boolean => records[key]?.fence === fence;
  const copied = copy?.records ?? {};
  const keys = [...new Set(Object.keys({ ...copied, ...records }).concat(...pendingKeys))]
    .map((key) => ({
      key,
      part: JSON.stringify([
        recordPart(records[key]),
        freed.includes(key),
        recordPart(copied[key]),
      ]),
    }))
    .toSorted((a, b) => (a.part < b.part ? -1 : 1));
  const name = (key: string): number => keys.findIndex((each) => each.key === key);
  const isCurrent = ({ key, revision }: Settlement): boolean =>
    records[key]?.fence === revision.fence && records[key].changedAtMs === revision.changedAtMs;
  const requestPart = ({ key, writtenAt, by, delayed }: Request): unknown[] => [
    name(key),
    delayed ? 0 : since(writtenAt, past),
    by - now,
    delayed,
  ];
  const isOf = (request: Request, process: Process, index: number): boolean =>
    process.at === 'awaiting' &&
    request.process === index &&
    request.key === process.key &&
    request.fence === process.fence;
  const processPart = (process: Process, index: number): unknown[] => {
    const part: unknown[] = [pendingKeys[index]?.map(name), process.at];
    if (process.at === 'idle') return part;
    part.push(name(process.key), holds(process.key, process.fence));
    if (rules.nextFence !== RULES.nextFence) part.push(process.fence);
    if ('lookup' in process) {
      const { sentAtMs, abandonedAtMs, unknownDuplicates } = process.lookup;
      part.push(rank(sentAtMs), since(abandonedAtMs, past), unknownDuplicates);
      part.push(process.lookup.guarded);
    }
    if (process.at === 'sending') part.push(process.nothingLost);
    if (process.at === 'listed') part.push(process.found);
    if (process.at === 'adopting') part.push(process.customer);
    if ('leaseUntil' in process) {
      const { undo } = process;
      part.push(since(process.leaseUntil, past), undo && recordPart(undo));
    }
    if (process.at === 'awaiting') {
      part.push(process.response, since(process.writtenAt, rules.attempt));
      part.push(requests.filter((each) => isOf(each, process, index)).map(requestPart));
    }
    return part;
  };
  const orphans = requests.filter(
    (request) => !processes.some((process, index) => isOf(request, process, index)),
  );
  return JSON.stringify([
    keys.map(({ part }) => part),
    customers.map(({ id, maker, createdAt, fate }) => [
      maker === STRANGER ? maker : name(maker),
      // Lookups skip a customer with an owner, so its time does not count.
      timeless(id) ? fate : [fate, rank(createdAt)],
    ]),
    orphans.map((each) => JSON.stringify(requestPart(each))).toSorted(),
    processes.map((each, index) => JSON.stringify(processPart(each, index))).toSorted(),
    Object.values(left),
    settlement && [name(settlement.key), settlement.customer, isCurrent(settlement)],
    copy && rank(elapsed(copy.at)),
    guard && [
      rank(elapsed(guard.sinceMs)),
      since(elapsed(guard.endedAtMs), past),
      elapsed(guard.untilMs) - now > FOREVER / 2 ? FOREVER : since(elapsed(guard.untilMs), past),
    ],
    since(elapsed(storeClock.evenSince), past),
  ]);
}
