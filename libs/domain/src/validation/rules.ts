import 'reflect-metadata';
import { ArrayMaxSize, IS_EMAIL, IsArray, IsIn, IsOptional, IsString } from 'class-validator';
import {
  Matches,
  MaxLength,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  isEmail,
} from 'class-validator';
import { Type } from 'class-transformer';
import { JSONSchema } from 'class-validator-jsonschema';
import { VISIBLE_CHARACTER, isObject } from '../values.ts';

/** A decorator of a property that has a name. */
type Rule = (target: object, key: string) => void;

/** Name of the rule that every item of a collection is an object, and what it says of one that is none. */
export const ITEMS_ARE_OBJECTS = 'itemsAreObjects';
export const MUST_BE_OBJECT = 'must be an object';

/** A string of at most `maxLength` characters, or null; may be absent. */
export function NullableText(maxLength: number): Rule {
  const message = `must be a string of at most ${maxLength} characters, or null`;
  return inOrder(Nullable(), IsString({ message }), MaxLength(maxLength, { message }));
}

/** A string in which something can be seen, of at most `maxLength` characters; required. */
export function VisibleText(maxLength: number): Rule {
  const message = `must be a string of 1 to ${maxLength} characters, not all of them blank`;
  return inOrder(
    IsString({ message }),
    MaxLength(maxLength, { message }),
    Matches(VISIBLE_CHARACTER, { message }),
  );
}

/** As VisibleText, but may be absent; not null. */
export function OptionalVisibleText(maxLength: number): Rule {
  return inOrder(Absentable(), VisibleText(maxLength));
}

/** SMTP carries no longer address (RFC 5321, 4.5.3.1.3). */
const LONGEST_EMAIL = 254;

/** As class-validator's `isEmail`, which takes a tenth of a second for a text of 64 KiB. */
export function isEmailAddress(value: unknown): boolean {
  return typeof value === 'string' && value.length <= LONGEST_EMAIL && isEmail(value);
}

/** An e-mail address as `isEmailAddress` understands it, or null; may be absent. */
export function NullableEmail(): Rule {
  const message = 'must be a valid e-mail address, or null when there is none';
  // Under the name of class-validator's own rule, which the JSON Schema is derived from.
  const validator = { validate: isEmailAddress };
  return inOrder(Nullable(), ValidateBy({ name: IS_EMAIL, validator }, { message }));
}

/** One of `members`, exactly as written, or null; may be absent. */
export function NullableMember(members: readonly string[]): Rule {
  const message = `must be null or one of ${members.join(', ')} (case matters)`;
  return inOrder(Nullable(), IsIn([...members], { message }));
}

/** One of `members`, exactly as written; may be absent, not null. */
export function OptionalMember(members: readonly string[]): Rule {
  return inOrder(Absentable(), IsIn([...members], { message: `must be ${members.join(' or ')}` }));
}

/** An array of at most `maxItems` objects that keep the rules of `item`; may be absent, not null. */
export function ObjectCollection(item: () => new () => object, maxItems: number): Rule {
  const message = `must be an array of at most ${maxItems} objects`;
  return inOrder(
    Absentable(),
    IsArray({ message }),
    ArrayMaxSize(maxItems, { message }),
    // ValidateNested alone accepts `[null]` and `[[]]`.
    ValidateBy({
      name: ITEMS_ARE_OBJECTS,
      validator: {
        validate: (value: unknown) => Array.isArray(value) && value.every(isObject),
        defaultMessage: () => MUST_BE_OBJECT,
      },
    }),
    ValidateNested({ each: true }),
    Type(item),
  );
}

/** Null counts as "none"; the derived JSON Schema says so too. */
function Nullable(): Rule {
  return inOrder(
    IsOptional(),
    JSONSchema((schema) => {
      const { type, enum: members, ...rest } = schema;
      return {
        ...rest,
        ...(Array.isArray(members) ? { enum: withNull(members) } : {}),
        ...(typeof type === 'string' ? { type: [type, 'null'] } : {}),
      };
    }),
  );
}

function withNull(members: readonly unknown[]): unknown[] {
  return [...members, null];
}

function Absentable(): Rule {
  return ValidateIf((_object, value: unknown) => value !== undefined);
}

// class-validator looks at the rules of a property in the order in which they were declared and,
// with stopAtFirstError, reports the first that is broken: the type before its details.
function inOrder(...decorators: Rule[]): Rule {
  return (target, key) => {
    for (const decorate of decorators) decorate(target, key);
  };
}
