import { isUtf8 } from 'node:buffer';

/** The deepest nesting that is accepted; a batch of customers with addresses has six levels. */
export const MAX_JSON_DEPTH = 32;

/** Whether objects and arrays in `value` are nested more than `max` levels deep. */
export function isDeeperThan(value: unknown, max: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (max === 0) return true;
  const members: readonly unknown[] = Object.values(value);
  return members.some((member) => isDeeperThan(member, max - 1));
}

/** @returns undefined when `json` is not JSON in UTF-8 or has more than MAX_JSON_DEPTH levels */
export function parseJson(json: Buffer): unknown {
  if (!isUtf8(json)) return undefined;
  try {
    const value: unknown = JSON.parse(json.toString('utf8'));
    return isDeeperThan(value, MAX_JSON_DEPTH) ? undefined : value;
  } catch {
    return undefined;
  }
}
