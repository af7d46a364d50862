import { describe, expect, it } from '@jest/globals';
import { MOST_LEVELS, isObject } from '@bookings/domain';
import fc from 'fast-check';
import { type Member, membersOf, textAt } from './json-members.ts';

/** What a parser says: undefined for what is not JSON, no object or too deep. */
function parsed(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) && levels(value) <= MOST_LEVELS ? value : undefined;
  } catch {
    return undefined;
  }
}

function levels(value: unknown): number {
  if (!(value instanceof Object)) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(levels));
}

function kindOf(value: unknown): Member['kind'] {
  if (typeof value === 'string') return 'text';
  if (Array.isArray(value)) return 'list';
  return value instanceof Object ? 'object' : 'scalar';
}

function expectSame(json: string): void {
  const bytes = Buffer.from(json);
  const members = membersOf(bytes);
  const entity = parsed(json);
  expect({ json, isObject: members !== undefined }).toEqual({
    json,
    isObject: entity !== undefined,
  });
  // Of members with the same name a parser keeps the last.
  const last = new Map((members ?? []).map((member) => [member.name, member]));
  expect([...last.keys()].sort()).toEqual(Object.keys(entity ?? {}).sort());
  for (const [name, { kind, start, end }] of last) {
    const value: unknown = JSON.parse(bytes.toString('utf8', start, end));
    expect([kind, value]).toEqual([kindOf(entity?.[name]), entity?.[name]]);
    if (kind === 'text') expect(textAt(bytes, start, end)).toBe(value);
  }
}

const json = fc
  .tuple(
    fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' })),
    fc.constantFrom(undefined, 1, '\t', '\r\n'),
  )
  .map(([entity, indent]) => JSON.stringify(entity, undefined, indent));

/** Well-formed JSON of which a piece was put in the place of another. */
const spoilt = fc
  .tuple(json, fc.nat(), fc.nat({ max: 3 }), fc.string({ unit: piece(), maxLength: 3 }))
  .map(([text, at, length, put]) => {
    const from = at % (text.length + 1);
    return `${text.slice(0, from)}${put}${text.slice(from + length)}`.toWellFormed();
  });

function piece() {
  return fc.constantFrom(
    ...Array.from('{}[]",:\\ \n\t\u0001u0019ae.-+Etrufalsn'),
    'true',
    'null',
    '\\u00',
    '\u2028',
  );
}

describe('membersOf', () => {
  it('finds what a parser finds', () => {
    fc.assert(fc.property(json, expectSame), { numRuns: 1000 });
  });

  it('refuses what a parser refuses, and nothing else', () => {
    fc.assert(fc.property(spoilt, expectSame), { numRuns: 20_000 });
  });

  it.each([
    ...['', ' ', '{', '{}', ' {} ', '{}x', '{}{}', '[]', '1', '"a"', 'null', '\uFEFF{}', '{,}'],
    ...[
      '{"a":1}',
      '{"a":1,}',
      '{"a"}',
      '{"a":}',
      '{a:1}',
      '{"a":1 "b":2}',
      '{"a":[1,]}',
      '{"a":[,]}',
    ],
    ...['{"a":[}', '{"a":[{]}', '{"a":[]]', '{"a":{}', '{"a":"', '{"a":"\\"}', '{"a":"\\x"}'],
    ...[
      '{"a":01}',
      '{"a":-}',
      '{"a":1.}',
      '{"a":.5}',
      '{"a":1e}',
      '{"a":+1}',
      '{"a":1e+9}',
      '{"a":--1}',
    ],
    ...[
      '{"a":tru}',
      '{"a":nul',
      '{"a":truefalse}',
      '{"a":NaN}',
      '{"a":1/2}',
      '{"a":"\t"}',
      '{"a":\v1}',
    ],
    ...['{"a":1,"a":[]}', '{"\\u0061":"x"}', '{"a":"\\ud800"}', '{"a":"\\u12"}', '{"a":"\\"'],
  ])('agrees with a parser on %j', expectSame);

  it("reads as many levels as any of Graph's answers may have", () => {
    for (const depth of [MOST_LEVELS - 1, MOST_LEVELS, MOST_LEVELS + 5]) {
      expectSame(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
      expectSame(`{"a":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`);
    }
  });

  it('refuses what is not UTF-8', () => {
    expect(membersOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBeUndefined();
  });
});
