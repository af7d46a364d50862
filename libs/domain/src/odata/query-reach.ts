/** What must not be in the value of an option, and how an error says so. */
interface Bar {
  readonly pattern: RegExp;
  readonly says: string;
}

const PATHS: Bar = { pattern: /[/($%]/, says: 'a slash, a bracket, a dollar or a percent sign' };
/** Brackets hold options of their own. A slash is for casts: `microsoft.graph.bookingCustomer/displayName`. */
const NESTED: Bar = { pattern: /[(%]/, says: 'a bracket or a percent sign' };
/** OData's names of what lies beside and above the customers. Its readers skip spaces before a slash. */
const OUTSIDE: Bar = {
  pattern: /%|\$(?:root|crossjoin|it[\s+]*\/)/i,
  says: '$root, $crossjoin, $it/ or a percent sign outside of quotes',
};

/** A quote, as it is after more than one encoding. */
const ENCODED_QUOTE = /%(?:25)*27/;
/** A doubled quote within is the end of one and the beginning of another. */
const QUOTED = /'[^']*'/g;

/**
 * Why the value of an option cannot go up: it could reach more than the customers it is asked of.
 * Graph reads the value decoded once. What is still encoded then is refused, because a second reader
 * could decode it; in quotes, where it is text, only a quote is.
 *
 * @param value percent-encoded
 * @returns undefined for a value that can go up
 */
export function reachFault(option: string, value: string): string | undefined {
  const bar = BARS.get(option);
  if (bar === undefined) return undefined;
  const text = decoded(value);
  if (text === undefined) return `the value of ${option} is not percent-encoded UTF-8`;
  if (bar !== OUTSIDE)
    return bar.pattern.test(text) ? `${option} cannot hold ${bar.says}` : undefined;
  if (ENCODED_QUOTE.test(text)) return `${option} cannot hold a quote that is encoded twice`;
  // In the place of each text an empty one, so that what stands around it does not run together.
  const bare = text.replaceAll(QUOTED, "''");
  return bar.pattern.test(bare) ? `${option} cannot hold ${bar.says}` : undefined;
}

const BARS: ReadonlyMap<string, Bar> = new Map([
  ['$expand', PATHS],
  ['$select', NESTED],
  ['$filter', OUTSIDE],
  ['$orderby', OUTSIDE],
]);

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
