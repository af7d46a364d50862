import 'reflect-metadata';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString } from 'class-validator';
import { Matches, MaxLength, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { JSONSchema } from 'class-validator-jsonschema';
import { VISIBLE_CHARACTER, isObject } from '../values.ts';
import {
  CONTROL_CHARACTERS,
  type ExcludedCharacters,
  Excludes,
  UNPAIRED_SURROGATES,
} from './characters.ts';

/** A property decorator. */
export type Rule = (target: object, key: string) => void;

/** The rule that every item of a collection is an object, and its message. */
export const ITEMS_ARE_OBJECTS = 'itemsAreObjects';
export const MUST_BE_OBJECT = 'must be an object';

/**
 * A well-formed string of at most `maxLength` characters, or null; may be absent.
 *
 * @param excluded more characters that it must not have
 */
export function NullableText(maxLength: number, ...excluded: ExcludedCharacters[]): Rule {
  const message = `must be a string of at most ${maxLength} characters, or null`;
  return inOrder(
    Nullable(),
    IsString({ message }),
    MaxLength(maxLength, { message }),
    Excludes(UNPAIRED_SURROGATES, ...excluded),
  );
}

/** A string without control characters, with a visible one, of at most `maxLength`; required. */
export function VisibleText(maxLength: number): Rule {
  const message = `must be a string of 1 to ${maxLength} characters, not all of them blank`;
  return inOrder(
    IsString({ message }),
    MaxLength(maxLength, { message }),
    Excludes(UNPAIRED_SURROGATES, CONTROL_CHARACTERS),
    Matches(VISIBLE_CHARACTER, { message }),
  );
}

/** Like VisibleText, but may be absent; not null. */
export function OptionalVisibleText(maxLength: number): Rule {
  return inOrder(Optional(), VisibleText(maxLength));
}

/** One of `members`, case-sensitive, or null; may be absent. */
export function NullableMember(members: readonly string[]): Rule {
  const message = `must be null or one of ${members.join(', ')} (case matters)`;
  return inOrder(Nullable(), IsIn([...members], { message }));
}

/** One of `members`, case-sensitive; may be absent, not null. */
export function OptionalMember(members: readonly string[]): Rule {
  return inOrder(Optional(), IsIn([...members], { message: `must be ${members.join(' or ')}` }));
}

/** An array of at most `maxItems` valid `item` objects; may be absent, not null. */
export function ObjectCollection(item: () => new () => object, maxItems: number): Rule {
  const message = `must be an array of at most ${maxItems} objects`;
  return inOrder(
    Optional(),
    IsArray({ message }),
    ArrayMaxSize(maxItems, { message }),
    // ValidateNested accepts `[null]` and `[[]]`.
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

/** Allows null, also in the derived JSON Schema. */
export function Nullable(): Rule {
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

function Optional(): Rule {
  return ValidateIf((_object, value: unknown) => value !== undefined);
}

// class-validator checks rules in the order of declaration. With stopAtFirstError it reports the
// first violation, so the type comes first.
export function inOrder(...decorators: Rule[]): Rule {
  return (target, key) => {
    for (const decorate of decorators) decorate(target, key);
  };
}
