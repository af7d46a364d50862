import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { textMembers } from './text-members.ts';

const NAMES = ['a', '@odata.nextLink'];

/** The members found, each with the text that lies at its range. */
function found(json: string): [string, string, string][] {
  const bytes = Buffer.from(json);
  return textMembers(bytes, NAMES).map(({ name, value, start, end }) => [
    name,
    value,
    bytes.toString('utf8', start, end),
  ]);
}

describe('textMembers', () => {
  it.each<[string, [string, string, string][]]>([
    ['{"a":"x"}', [['a', 'x', '"x"']]],
    [' { "b" : 1 , "a" : "x" } ', [['a', 'x', '"x"']]],
    ['{"a":"\\"\\\\"}', [['a', '"\\', '"\\"\\\\"']]],
    ['{"\\u0061":"x"}', [['a', 'x', '"x"']]],
    ['{"b":"é","a":"x"}', [['a', 'x', '"x"']]],
    [
      '{"a":"x","a":"y"}',
      [
        ['a', 'x', '"x"'],
        ['a', 'y', '"y"'],
      ],
    ],
    ['{"b":{"a":"x"},"c":["a","x"]}', []],
    ['{"b":"a","c":"\\"a\\":\\"x\\""}', []],
    ['{"a":null,"b":"x"}', []],
    ['{"a":1,"b":"x"}', []],
    ['{"a":["x"],"b":"x"}', []],
    ['["a","x"]', []],
    ['{}', []],
  ])('in %s finds %j', (json, expected) => {
    expect(found(json)).toEqual(expected);
  });

  it('finds what a parser finds, wherever it lies', () => {
    const entries = fc.array(
      fc.tuple(
        fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'grapheme' })),
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.jsonValue()),
      ),
    );
    fc.assert(
      fc.property(entries, fc.constantFrom(undefined, 1, '\t'), (members, indent) => {
        const entity = Object.fromEntries(members);
        const expected = Object.entries(entity).filter(
          ([name, value]) => NAMES.includes(name) && typeof value === 'string',
        );
        const json = JSON.stringify(entity, undefined, indent);
        expect(found(json).map(([name, value]) => [name, value])).toEqual(expected);
        for (const [, value, text] of found(json)) expect(JSON.parse(text)).toBe(value);
      }),
    );
  });
});
