import { type Member, membersOf } from './json-members.ts';
import { isUtf8InPieces } from './pieces.ts';

/** Annotations whose value is the address of more of the same collection (OData JSON Format, 4.5). */
export const LINKS: readonly string[] = ['@odata.nextLink', '@odata.deltaLink'];

/**
 * How the names end that a page is read for, and how a letter begins that is written in another way
 * (RFC 8259, 7).
 */
const SIGNS_OF_NAMES = ['Link"', 'value"', '\\u'];
/** In bytes; a sign, or a character, that begins before such a piece and ends behind it is overlooked. */
const SHORT = 8;

/** A page in two: the frame, which is read, and what its list holds. */
export interface PageParts {
  /** With its list empty; the whole page where all had to be read. */
  readonly frame: Buffer;
  readonly members: readonly Member[];
  /** Where in the frame the inside belongs. */
  readonly gap: number;
  readonly inside: readonly Buffer[];
}

/**
 * A page, for whoever wants its links and whether it has a list. The customers in the list are not
 * read where none of its members can be among them, which Node can tell in a tenth of the time:
 * they are passed on as they came, and their caller has a parser of its own.
 *
 * @param pieces of the page as they arrived
 * @returns undefined for what is no page around its list; what is wrong within may not be noticed
 */
export function pageParts(pieces: readonly Buffer[]): PageParts | undefined {
  return frameAlone(pieces) ?? allInOne(pieces);
}

/** Undefined where all has to be read to know. */
function frameAlone(pieces: readonly Buffer[]): PageParts | undefined {
  const [first, ...others] = pieces;
  const last = others.pop();
  if (!first) return undefined;
  const start = first.indexOf('[');
  const gap = start + 1;
  const end = (last ?? first).lastIndexOf(']');
  if (start < 0 || end < 0) return undefined;
  const inside = last
    ? [first.subarray(gap), ...others, last.subarray(0, end)]
    : [first.subarray(gap, end)];
  if (others.some(({ length }) => length < SHORT)) return undefined;
  if (mayHaveNames(inside) || !isUtf8InPieces(inside)) return undefined;
  const frame = Buffer.concat([first.subarray(0, gap), (last ?? first).subarray(end)]);
  const members = membersOf(frame);
  // The first bracket may be in a text, or that of another list; so may the last.
  const value = members?.findLast(({ name }) => name === 'value');
  const isFrame = value?.start === start && value.end === gap + 1;
  return members && isFrame ? { frame, members, gap, inside } : undefined;
}

function allInOne(pieces: readonly Buffer[]): PageParts | undefined {
  const frame = Buffer.concat(pieces);
  const members = membersOf(frame);
  return members && { frame, members, gap: frame.length, inside: [] };
}

function mayHaveNames(pieces: readonly Buffer[]): boolean {
  const seams = pieces.map((piece, index) =>
    Buffer.concat([piece.subarray(-SHORT), pieces[index + 1]?.subarray(0, SHORT) ?? NOTHING]),
  );
  return [...pieces, ...seams].some((each) => SIGNS_OF_NAMES.some((sign) => each.includes(sign)));
}

const NOTHING = Buffer.alloc(0);
