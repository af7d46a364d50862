import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { membersOf } from './json-members.ts';
import { LINKS, pageMembersOf } from './page-members.ts';

/** What a page is read for. */
function read(
  members: ReturnType<typeof membersOf>,
): { links: object[]; list: string | undefined } | undefined {
  return (
    members && {
      links: members.filter(({ name }) => LINKS.includes(name)),
      list: members.findLast(({ name }) => name === 'value')?.kind,
    }
  );
}

function expectSame(json: string): void {
  const bytes = Buffer.from(json);
  expect({ json, ...read(pageMembersOf(bytes)) }).toEqual({ json, ...read(membersOf(bytes)) });
}

const names = fc.constantFrom('value', ...LINKS, '@odata.context', 'id', '[', ']', 'é');
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...Array.from('[]{}",:\\Link')) }),
  names,
);
const values = fc.oneof(
  texts,
  fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      texts,
      fc.integer(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 3 }),
    ),
  })).value,
);

/** Objects in JSON, some with a name more than once, or written in another way. */
const objects = fc
  .tuple(
    fc.array(fc.tuple(names, values, fc.boolean()), { maxLength: 5 }),
    fc.constantFrom('', ' ', '\r\n'),
  )
  .map(([members, space]) => {
    const written = members.map(([name, value, escaped]) => {
      const key = escaped ? `"${escape(name)}"` : JSON.stringify(name);
      return `${space}${key}${space}:${space}${JSON.stringify(value, undefined, space)}${space}`;
    });
    return `{${written.join(',')}}`.toWellFormed();
  });

/** Every letter as its number. */
function escape(text: string): string {
  return Array.from(
    text,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ).join('');
}

describe('pageMembersOf', () => {
  it('finds the links that reading it all finds, and whether there is a list', () => {
    fc.assert(fc.property(objects, expectSame), { numRuns: 20_000 });
  });

  it.each([
    '{"value":[]}',
    '{"@odata.nextLink":"x","value":[{"id":"1"}]}',
    ' { "value" : [ { "id" : "]" } ] , "@odata.nextLink" : "y[" } ',
    '{"value":[{"@odata.nextLink":"not mine"}]}',
    '{"value":[1],"@odata.nextLink":"x","others":[2]}',
    '{"value":[1],"@odata.next\\u004cink":"x","others":[2]}',
    '{"others":[1],"value":[2]}',
    '{"value":{"value":[1]}}',
    '[1]',
    '][',
    '',
  ])('reads %j as it is', expectSame);

  it.each([
    '{"value":[1]',
    '{"value":[1]}}',
    '"value":[1]}',
    '{"value":[1],}',
    '{"value":[',
    '{][',
  ])('finds no page in %j', (json) => {
    expect(pageMembersOf(Buffer.from(json))).toBeUndefined();
  });

  it('finds no page in what is not UTF-8', () => {
    const page = Buffer.from('{"value":["?"],"x":"?"}');
    for (const at of [page.indexOf('?'), page.lastIndexOf('?')]) {
      const spoilt = Buffer.from(page);
      spoilt[at] = 0xff;
      expect(pageMembersOf(spoilt)).toBeUndefined();
    }
  });

  it('leaves customers to whoever reads them', () => {
    expect(pageMembersOf(Buffer.from('{"value":[{"id":}]}'))).toMatchObject([{ kind: 'list' }]);
  });
});
