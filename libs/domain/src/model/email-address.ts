import {
  IsString,
  MaxLength,
  ValidateBy,
  type ValidationArguments,
  isEmail,
} from 'class-validator';
import { Excludes, INVISIBLE_CHARACTERS, REPLACEMENT_CHARACTERS, messageAt } from './characters.ts';
import { Nullable, type Rule, inOrder } from './rules.ts';

/** The longest address in SMTP (RFC 5321, 4.5.3.1.3). */
const MAX_EMAIL_LENGTH = 254;

/** What no address may have. */
const EXCLUDED = [INVISIBLE_CHARACTERS, REPLACEMENT_CHARACTERS];
const OUTER_BLANK = /^\s|\s$/;
/** Category Zs: a space, and the other characters that look like one. */
const BLANKS = /\p{Zs}/gu;

/** The name of the rule. The JSON Schema of the rule is found by it. */
export const IS_EMAIL_ADDRESS = 'isEmailAddress';

/**
 * What JSON Schema can say of an address: every valid one has this form. There is no `format`.
 * `email` means RFC 5321, so a generated client would refuse an umlaut or `#EXT#`; `idn-email` is
 * taken for the same by some generators, and by Ajv for an error.
 */
export const EMAIL_SCHEMA = {
  pattern:
    '^(?:[^\\s"@]+|"[^\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]*")@(?:[^\\s@.]+\\.)+[^\\s@.]{2,}$',
  examples: ['jonis@relecloud.com'],
};

/**
 * class-validator's `isEmail` for text without invisible characters and blanks. `isEmail` takes
 * 100 ms for a text of 64 KiB, throws for an unpaired surrogate, and takes a single quote mark for a
 * quoted local part.
 */
export function isEmailAddress(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value.length <= MAX_EMAIL_LENGTH &&
    !EXCLUDED.some(({ pattern }) => pattern.test(value)) &&
    !OUTER_BLANK.test(value) &&
    blankIndex(value) === undefined &&
    !value.startsWith('"@') &&
    isEmail(value)
  );
}

/** An e-mail address that passes `isEmailAddress`, or null; may be absent. */
export function NullableEmail(): Rule {
  const message = 'must be a valid e-mail address, or null when there is none';
  return inOrder(
    Nullable(),
    IsString({ message }),
    MaxLength(MAX_EMAIL_LENGTH, { message }),
    Excludes(...EXCLUDED),
    ValidateBy(
      { name: IS_EMAIL_ADDRESS, validator: { validate: isEmailAddress } },
      { message: ({ value }: ValidationArguments) => blankFault(value) ?? message },
    ),
  );
}

/** What is wrong with the blanks of an address; undefined when nothing is. */
function blankFault(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (OUTER_BLANK.test(value)) return 'begins or ends with a blank; leave it out';
  const index = blankIndex(value);
  return index === undefined ? undefined : messageAt('a blank', value, index);
}

/**
 * The index of a blank that no address may have there. Only a space may be in an address, within the
 * quotes of its local part (RFC 5321, 4.1.2). Other blanks are taken for a space.
 */
function blankIndex(text: string): number | undefined {
  const at = text.lastIndexOf('@');
  if (at < 0) return undefined;
  const isQuoted = at > 1 && text.startsWith('"') && text[at - 1] === '"';
  for (const { 0: blank, index } of text.matchAll(BLANKS)) {
    if (!(isQuoted && blank === ' ' && index < at)) return index;
  }
  return undefined;
}
