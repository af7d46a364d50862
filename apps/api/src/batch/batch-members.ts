import { isControlInformation, isWellFormed, sanitizeForDisplay } from '@bookings/domain';

/** How many unknown members an error names. */
const MAX_NAMED = 5;

/** The members that count. Clients write null for what is absent, and annotations carry no data. */
export function membersOf(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).filter(([name, value]) => value !== null && !isControlInformation(name)),
  );
}

/** What is wrong with the names of members, and with what does not count. */
export function unfitMembers(
  object: Record<string, unknown>,
  known: readonly string[],
): string | undefined {
  const members = membersOf(object);
  const ignored = Object.entries(object).filter(([name]) => !Object.hasOwn(members, name));
  return isWellFormed(ignored)
    ? unknownMembers(members, known)
    : 'has an unpaired surrogate in control information or in a name';
}

/**
 * Names members that are not known, such as `depends_on`. If they were ignored, a part could be sent
 * in another order or without its headers.
 */
function unknownMembers(
  members: Readonly<Record<string, unknown>>,
  known: readonly string[],
): string | undefined {
  const unknown = Object.keys(members).filter((name) => !known.includes(name));
  if (unknown.length === 0) return undefined;
  const names = unknown.slice(0, MAX_NAMED).map((name) => `"${sanitizeForDisplay(name)}"`);
  const more = unknown.length > MAX_NAMED ? ` and ${unknown.length - MAX_NAMED} more` : '';
  return `has unknown members: ${names.join(', ')}${more}; known are ${known.join(', ')}`;
}
