import { isUtf8 } from 'node:buffer';
import { type Member, membersOf } from './json-members.ts';

/** Annotations whose value is the address of more of the same collection (OData JSON Format, 4.5). */
export const LINKS: readonly string[] = ['@odata.nextLink', '@odata.deltaLink'];

/** How their names end, and how a name begins that is written in another way (RFC 8259, 7). */
const SIGNS_OF_LINKS = ['Link"', '\\u'];

/**
 * The members of a page, as `membersOf` has them, for whoever wants its links and whether it has a
 * list. The customers in the list are not read where no link can be among them, which Node can tell
 * in a tenth of the time: they are passed on as they came, and their caller has a parser of its own.
 *
 * @returns undefined for what is no page around its list; what is wrong within may not be noticed
 */
export function pageMembersOf(json: Buffer): readonly Member[] | undefined {
  return membersAroundList(json) ?? membersOf(json);
}

/** Undefined where all has to be read to know. */
function membersAroundList(json: Buffer): readonly Member[] | undefined {
  const start = json.indexOf('[');
  const end = json.lastIndexOf(']');
  const list = json.subarray(start, end);
  if (SIGNS_OF_LINKS.some((sign) => list.includes(sign)) || !isUtf8(list)) return undefined;
  const members = membersOf(Buffer.concat([json.subarray(0, start + 1), json.subarray(end)]));
  const leftOut = list.length - 1;
  const whole = members?.map((member) => ({
    ...member,
    start: member.start > start ? member.start + leftOut : member.start,
    end: member.end > start ? member.end + leftOut : member.end,
  }));
  // The first bracket may be in a text, or that of another list; so may the last.
  const value = whole?.findLast(({ name }) => name === 'value');
  return value?.start === start && value.end === end + 1 ? whole : undefined;
}
