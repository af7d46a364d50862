import { type KeyRecord, isHeld } from '../../transition.ts';
import type { Rules } from './rules.ts';
import { type Process, type Request, STRANGER, type World } from './model.ts';

/**
 * What of a world can still matter. Worlds with the same answer have the same future, so that one of
 * them is enough: times count from now and no further back than any rule looks, of the times of
 * customers only the order matters, of a fence only whether it is the record's, and of duplicates and of
 * processes it does not matter which is which. Without it the worlds would have no end; with it
 * time needs none.
 */
export function whatMatters(world: World, rules: Rules): string {
  const { now, records, customers, requests, processes, asked, left } = world;
  const since = (time: number, most: number): number => Math.max(time - now, -most);
  const past = rules.settle + 2;
  const owned = new Set(Object.values(records).map(({ customer }) => customer));
  const timeless = (id: string): boolean => rules.ownership && owned.has(id);
  const looks = processes.flatMap((process) => ('look' in process ? [process.look.sentAtMs] : []));
  const sent = Object.values(records).flatMap((record) =>
    record.state === 'done' || isClean(record) ? [] : (record.sentAtMs ?? []),
  );
  const stored = customers.filter(({ id }) => !timeless(id)).map((each) => each.createdAt);
  const order = [...new Set([now, ...looks, ...sent, ...stored])];
  order.sort((a, b) => a - b);
  const rank = (time: number | undefined): number =>
    time === undefined ? -1 : order.indexOf(time);

  const recordPart = (record: KeyRecord | undefined): unknown[] => {
    if (!record) return [];
    const { state, customer, everUnknown, sentAtMs, abandonedAtMs, leaseUntilMs } = record;
    if (state === 'done' || isClean(record)) return [state, customer];
    const lease = isHeld(record) ? since(leaseUntilMs, past) : undefined;
    const abandoned = abandonedAtMs === undefined ? undefined : since(abandonedAtMs, past);
    return [state, everUnknown, lease, rank(sentAtMs), abandoned];
  };
  const holds = (key: string, fence: number): boolean => records[key]?.fence === fence;
  const keys = [...new Set(Object.keys(records).concat(...asked))]
    .map((key) => ({ key, part: JSON.stringify(recordPart(records[key])) }))
    .toSorted((a, b) => (a.part < b.part ? -1 : 1));
  const name = (key: string): number => keys.findIndex((each) => each.key === key);
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
    const part: unknown[] = [asked[index]?.map(name), process.at];
    if (process.at === 'idle') return part;
    part.push(name(process.key), holds(process.key, process.fence));
    if ('look' in process) {
      const { sentAtMs, abandonedAtMs, unsettledDuplicates } = process.look;
      part.push(rank(sentAtMs), since(abandonedAtMs, past), unsettledDuplicates);
    }
    if (process.at === 'listed') part.push(process.found);
    if (process.at === 'adopting') part.push(process.customer);
    if ('leaseUntil' in process) {
      const { undo } = process;
      part.push(since(process.leaseUntil, past), undo && recordPart(undo));
    }
    if (process.at === 'awaiting') {
      part.push(process.answer, since(process.writtenAt, rules.attempt));
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
      // Once somebody has it, it is left out wherever its time would be looked at.
      timeless(id) ? fate : [fate, rank(createdAt)],
    ]),
    orphans.map((each) => JSON.stringify(requestPart(each))).toSorted(),
    processes.map((each, index) => JSON.stringify(processPart(each, index))).toSorted(),
    Object.values(left),
  ]);
}

/** Nothing of it matters but that there was one. */
function isClean({ state, everUnknown }: KeyRecord): boolean {
  return state === 'free' && !everUnknown;
}
