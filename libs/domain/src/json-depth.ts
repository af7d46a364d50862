import { isUtf8 } from 'node:buffer';

/** The most levels that any JSON here has use for: a batch of customers with addresses has seven. */
export const MOST_LEVELS = 32;

/** Whether objects and arrays in `value` lie within each other more than `most` levels deep. */
export function isDeeperThan(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (most === 0) return true;
  const members: readonly unknown[] = Object.values(value);
  return members.some((member) => isDeeperThan(member, most - 1));
}

/** What `json` says; undefined for what is not JSON in UTF-8, or has more than MOST_LEVELS levels. */
export function parsedJson(json: Buffer): unknown {
  if (!isUtf8(json)) return undefined;
  try {
    const value: unknown = JSON.parse(json.toString('utf8'));
    return isDeeperThan(value, MOST_LEVELS) ? undefined : value;
  } catch {
    return undefined;
  }
}
