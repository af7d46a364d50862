/** What the value of an option must not contain, and the message about it. */
interface Restriction {
  readonly pattern: RegExp;
  readonly message: string;
}

const PATHS: Restriction = {
  pattern: /[/($%]/,
  message: 'a slash, a bracket, a dollar or a percent sign',
};
/** Brackets hold nested options. A slash is needed: `microsoft.graph.bookingCustomer/displayName`. */
const NESTED: Restriction = { pattern: /[(%]/, message: 'a bracket or a percent sign' };
/** OData's names for resources outside of the collection. OData parsers skip spaces before a slash. */
const OUTSIDE: Restriction = {
  pattern: /%|\$(?:root|crossjoin|it[\s+]*\/)/i,
  message: '$root, $crossjoin, $it/ or a percent sign outside of quotes',
};

/** Stands for the names of parameter aliases: `$filter=@a` has the value of `@a`. */
export const ALIAS = 'a parameter alias';

const RESTRICTIONS: ReadonlyMap<string, Restriction> = new Map([
  ['$expand', PATHS],
  ['$select', NESTED],
  ['$filter', OUTSIDE],
  ['$orderby', OUTSIDE],
  [ALIAS, OUTSIDE],
]);

/** A quote that is encoded more than once. */
const ENCODED_QUOTE = /%(?:25)*27/;
/** A string literal. A doubled quote inside it reads as two adjacent literals. */
const QUOTED = /'[^']*'/g;

/**
 * Checks that an option cannot reach more than the customers of the business. Graph decodes the
 * value once. What is still encoded then is refused, because another parser could decode it again.
 * Inside quotes it is text, and only an encoded quote is refused.
 *
 * @param value percent-encoded
 * @returns what is wrong, or undefined for a value that may be forwarded
 */
export function restrictionViolation(option: string, value: string): string | undefined {
  const restriction = RESTRICTIONS.get(option);
  if (restriction === undefined) return undefined;
  const text = decoded(value);
  if (text === undefined) return `the value of ${option} is not percent-encoded UTF-8`;
  const quotable = restriction === OUTSIDE;
  if (quotable && ENCODED_QUOTE.test(text)) {
    return `${option} must not contain a quote that is encoded twice`;
  }
  // An empty literal replaces each one, so that the text on both sides of it stays separate.
  const checked = quotable ? text.replaceAll(QUOTED, "''") : text;
  return restriction.pattern.test(checked)
    ? `${option} must not contain ${restriction.message}`
    : undefined;
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
