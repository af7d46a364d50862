import { NullableMember, NullableText } from '../validation/rules.ts';

/** Graph's phoneType: not an evolvable enum, so there is no `unknownFutureValue`. */
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

/**
 * Graph's `phone`. Graph publishes no lengths; ours are generous for what the property names and
 * keep a mistake (a document in a phone number) from travelling on.
 */
export class Phone {
  /** Free text, as Graph has it: no pattern, no E.164. Numbers have 15 digits; 64 leaves room to write them. */
  @NullableText(64)
  number?: string | null;

  @NullableMember(PHONE_TYPES)
  type?: PhoneType | null;

  /** In Graph's v1.0 schema, not on its documentation page. Language tags fit in 35 characters (RFC 5646, 4.4.1). */
  @NullableText(64)
  language?: string | null;

  /** In Graph's v1.0 schema, not on its documentation page. */
  @NullableText(64)
  region?: string | null;
}
