import { SETTINGS } from './settings.ts';

/** Shorter names are like too many others. */
const MIN_LENGTH = 6;
const MAX_DISTANCE = 2;

export interface MisspeltSetting {
  readonly given: string;
  readonly meant: string;
}

/** Environment variables that are no settings, but whose names differ little from those of absent ones. */
export function misspeltSettings(
  env: Readonly<Record<string, string | undefined>>,
): MisspeltSetting[] {
  const known = SETTINGS.map(({ key }) => key);
  const absent = known.filter((key) => env[key] === undefined && key.length >= MIN_LENGTH);
  return Object.keys(env)
    .filter((name) => !known.includes(name))
    .flatMap((given) => {
      const meant = absent.find((key) => isLike(given, key));
      return meant === undefined ? [] : [{ given, meant }];
    });
}

function isLike(given: string, key: string): boolean {
  const [one, other] = [given, key].map((name) => name.toUpperCase().replaceAll(/[_.-]/g, ''));
  if (one === undefined || other === undefined) return false;
  // The distance is at least the difference of the lengths.
  return (
    Math.abs(one.length - other.length) <= MAX_DISTANCE && distance(one, other) <= MAX_DISTANCE
  );
}

/** How many characters to insert, delete or replace (Levenshtein distance). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_none, index) => index);
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of Array.from(other).entries()) {
      const replaced = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
