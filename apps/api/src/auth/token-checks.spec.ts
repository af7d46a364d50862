import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hasDuplicateName } from './token-checks.ts';

/**
 * None ends with a backslash. After such a name, V8 13.6 parses some names with an escape wrongly
 * (github.com/nodejs/node, issue 63785).
 */
const NAMES = ['a', 'a"', ':', '"\\b', '__proto__', '1'];

/** An object before serialization, which may have duplicate member names. */
type Written = { readonly members: readonly (readonly [name: string, value: unknown])[] };

const { value: anyValue } = fc.letrec<{ value: unknown; object: Written }>((tie) => ({
  object: fc.record({
    members: fc.array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), {
      maxLength: 3,
    }),
  }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, 1.5, '', 'a:b', '{"a":1,"a":2}', '\\":'),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
}));

function isWritten(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && 'members' in value;
}

function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(' , ')}]`;
  if (!isWritten(value)) return JSON.stringify(value);
  const members = value.members.map(([name, of]) => `${JSON.stringify(name)} : ${write(of)}`);
  return `{${members.join(',')}}`;
}

function repeats(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(repeats);
  if (!isWritten(value)) return false;
  const names = value.members.map(([name]) => name);
  return new Set(names).size < names.length || value.members.some(([, of]) => repeats(of));
}

describe('hasDuplicateName', () => {
  it('is true if and only if an object has a duplicate name at any depth', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const json = write(value);
        expect(hasDuplicateName(json, JSON.parse(json))).toBe(repeats(value));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['{"aud":"a","aud":"a"}', true],
    [String.raw`{"aud":"a","\u0061ud":"b"}`, true],
    ['{"a":{"b":1},"c":[{"b":1},{"b":1,"b":2}]}', true],
    ['{"a":{"a":{"a":1}}}', false],
    ['{"a":"b:c","b":"\\":"}', false],
    ['{}', false],
  ])('of %s is %s', (json, expected) => {
    expect(hasDuplicateName(json, JSON.parse(json))).toBe(expected);
  });
});
