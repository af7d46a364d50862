/** A member of a JSON object whose value is text, and where that value lies, with its quotes. */
export interface TextRange {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
/** Braces and brackets differ in the bit that letter cases differ in. */
const CASE = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;
const SPACE = [0x20, 0x09, 0x0a, 0x0d];

/**
 * The members of the outermost object that have one of `names` and a text as value, in their order.
 *
 * @param json known to be well-formed, in UTF-8
 */
export function textMembers(json: Buffer, names: readonly string[]): TextRange[] {
  const found: TextRange[] = [];
  let depth = 0;
  /** Name of the outermost object's member whose value is next. */
  let member: string | undefined;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) {
      const end = endOfText(json, at);
      if (depth === 1 && member !== undefined) {
        if (names.includes(member)) {
          found.push({ name: member, value: textAt(json, at, end), start: at, end });
        }
        member = undefined;
      } else if (depth === 1 && isName(json, end)) {
        member = textAt(json, at, end);
      }
      at = end - 1;
    } else if ((byte | CASE) === OPENING) {
      depth += 1;
      member = undefined;
    } else if ((byte | CASE) === CLOSING) {
      depth -= 1;
    } else if (byte === COMMA) {
      member = undefined;
    }
  }
  return found;
}

const COMMA = 0x2c;

/** Behind the closing quote of the text that begins at `start`. */
function endOfText(json: Buffer, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at += 1;
  }
  return json.length;
}

function isName(json: Buffer, end: number): boolean {
  let at = end;
  while (SPACE.includes(json[at] ?? 0)) at += 1;
  return json[at] === COLON;
}

function textAt(json: Buffer, start: number, end: number): string {
  const value: unknown = JSON.parse(json.toString('utf8', start, end));
  return typeof value === 'string' ? value : '';
}
