import { CONTROL_CHARACTERS } from './characters.ts';
import { NullableMember, NullableText } from './rules.ts';

/** Graph's phoneType. It is not an evolvable enum, so it has no `unknownFutureValue`. */
export const PHONE_TYPES = [
  'home',
  'business',
  'mobile',
  'other',
  'assistant',
  'homeFax',
  'businessFax',
  'otherFax',
  'pager',
  'radio',
] as const;

export type PhoneType = (typeof PHONE_TYPES)[number];

/** Graph's `phone`. Graph publishes no length limits; these are the proxy's. */
export class Phone {
  /** Free text, as in Graph; not E.164. A number has at most 15 digits, and 64 leaves room for signs. */
  @NullableText(64, CONTROL_CHARACTERS)
  number?: string | null;

  @NullableMember(PHONE_TYPES)
  type?: PhoneType | null;

  /**
   * Declared in Graph's v1.0 schema, but absent from its documentation page. A language tag fits
   * into 35 characters (RFC 5646, 4.4.1).
   */
  @NullableText(64, CONTROL_CHARACTERS)
  language?: string | null;

  /** Declared in Graph's v1.0 schema, but absent from its documentation page. */
  @NullableText(64, CONTROL_CHARACTERS)
  region?: string | null;
}
