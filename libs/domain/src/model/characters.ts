import { ValidateBy, type ValidationArguments } from 'class-validator';
import { SHOWING_NOTHING } from '../values.ts';

/** Characters that a text must not have. */
export interface ExcludedCharacters {
  /**
   * Has `\p` only outside of square brackets. A validator of JSON Schema that compiles it without the
   * flag `u` then looks for the text `p{C}`; within brackets it would refuse each of these letters.
   */
  readonly pattern: RegExp;
  /** What JSON Schema says instead, if not every language knows the pattern. */
  readonly described?: string;
  readonly name: string;
}

/**
 * With the flag `u`, a surrogate matches only when it is unpaired. It has no form in UTF-8 (RFC 8259,
 * 8.2), so it would reach Graph as another character.
 */
export const UNPAIRED_SURROGATES: ExcludedCharacters = {
  pattern: /\p{Cs}/u,
  name: 'an unpaired surrogate',
};

/** Category Cc: NUL, tabs, line breaks. Joiners and marks of direction are in category Cf. */
export const CONTROL_CHARACTERS: ExcludedCharacters = {
  pattern: /\p{Cc}/u,
  name: 'a control character',
};

/** Control characters other than tabs and line breaks. */
export const UNPRINTABLE_CHARACTERS: ExcludedCharacters = {
  // eslint-disable-next-line no-control-regex -- It excludes them. JSON Schema has no lookahead.
  pattern: /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u,
  name: 'a control character',
};

/**
 * Category C, which has the three above, the separators of lines and paragraphs, and what else shows
 * nothing: fillers, variation selectors (default ignorable, `DI`) and the empty Braille pattern.
 */
export const INVISIBLE_CHARACTERS: ExcludedCharacters = {
  pattern: /\p{C}|\p{DI}|[\u2028\u2029\u2800]/u,
  // Go, Java and .NET do not know `DI`. The variation selectors beyond U+FFFF are left out.
  described: `\\p{C}|[\\u2028\\u2029${SHOWING_NOTHING}]`,
  name: 'an invisible character',
};

/** What stands for a character that was lost on the way. */
export const REPLACEMENT_CHARACTERS: ExcludedCharacters = {
  pattern: /[\ufffc\ufffd]/u,
  name: 'a replacement character',
};

/** The name of the rule. The JSON Schema of the rule is found by it. */
export const EXCLUDES = 'excludesCharacters';

/** A string without these characters. The message has the position, never the character. */
export function Excludes(...excluded: ExcludedCharacters[]): PropertyDecorator {
  const validate = (value: unknown) =>
    typeof value === 'string' && !excluded.some(({ pattern }) => pattern.test(value));
  const message = ({ value }: ValidationArguments) => messageFor(excluded, value);
  const constraints = [
    excluded.map(({ pattern, described }) => described ?? pattern.source).join('|'),
  ];
  return ValidateBy({ name: EXCLUDES, constraints, validator: { validate } }, { message });
}

function messageFor(excluded: readonly ExcludedCharacters[], value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  const found = excluded.find(({ pattern }) => pattern.test(text));
  return messageAt(found?.name ?? 'a wrong character', text, found?.pattern.exec(text)?.index);
}

/** @param index of the character in `text` */
export function messageAt(name: string, text: string, index: number | undefined): string {
  const position = Array.from(text.slice(0, index)).length + 1;
  return `has ${name} at position ${position}, counted from 1 in Unicode code points; leave it out`;
}
