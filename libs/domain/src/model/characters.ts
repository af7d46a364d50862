import { ValidateBy, type ValidationArguments } from 'class-validator';

/** Characters that a text must not have. */
export interface ExcludedCharacters {
  /**
   * Has `\p` only outside of square brackets. A validator of JSON Schema that compiles it without the
   * flag `u` then looks for the text `p{C}`; within brackets it would refuse each of these letters.
   */
  readonly pattern: RegExp;
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

/** Category C, which has the two above, and the separators of lines and paragraphs. */
export const INVISIBLE_CHARACTERS: ExcludedCharacters = {
  pattern: /\p{C}|[\u2028\u2029]/u,
  name: 'an invisible character',
};

/** The name of the rule. The JSON Schema of the rule is found by it. */
export const EXCLUDES = 'excludesCharacters';

/** A string without these characters. The message has the position, never the character. */
export function Excludes(...excluded: ExcludedCharacters[]): PropertyDecorator {
  const validate = (value: unknown) =>
    typeof value === 'string' && !excluded.some(({ pattern }) => pattern.test(value));
  const message = ({ value }: ValidationArguments) => messageFor(excluded, value);
  const constraints = [excluded.map(({ pattern }) => pattern.source).join('|')];
  return ValidateBy({ name: EXCLUDES, constraints, validator: { validate } }, { message });
}

function messageFor(excluded: readonly ExcludedCharacters[], value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  const found = excluded.find(({ pattern }) => pattern.test(text));
  const before = text.slice(0, found?.pattern.exec(text)?.index);
  const position = Array.from(before).length + 1;
  const what = found?.name ?? 'a wrong character';
  return `has ${what} at position ${position}, counted from 1 in Unicode code points; leave it out`;
}
