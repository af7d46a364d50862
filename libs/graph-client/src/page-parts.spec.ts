import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { membersOf } from './json-members.ts';
import { LINKS, type PageParts, pageParts } from './page-parts.ts';

/** What a page is read for. */
function read({ frame, members }: Pick<PageParts, 'frame' | 'members'>): object {
  const links = members.filter(({ name }) => LINKS.includes(name));
  return {
    links: links.map(({ name, start, end }) => [name, frame.toString('utf8', start, end)]),
    list: members.findLast(({ name }) => name === 'value')?.kind,
  };
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const within = at.filter((each) => each < bytes.length);
  const ends = [...new Set(within)].sort((one, other) => one - other);
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
}

function expectSame(json: string, at: readonly number[] = []): void {
  const frame = Buffer.from(json);
  const members = membersOf(frame);
  const parts = pageParts(cut(frame, at));
  const expected = members && read({ frame, members });
  expect({ json, at, ...(parts && read(parts)) }).toEqual({ json, at, ...expected });
  if (!parts) return;
  const { gap, inside } = parts;
  const [before, after] = [parts.frame.subarray(0, gap), parts.frame.subarray(gap)];
  expect(Buffer.concat([before, ...inside, after]).equals(frame)).toBe(true);
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

describe('pageParts', () => {
  it('finds the links that reading it all finds, and whether there is a list', () => {
    fc.assert(fc.property(objects, fc.array(fc.nat({ max: 100 }), { maxLength: 4 }), expectSame), {
      numRuns: 20_000,
    });
  });

  it.each([
    '{"value":[]}',
    '{"@odata.nextLink":"x","value":[{"id":"1"}]}',
    ' { "value" : [ { "id" : "]" } ] , "@odata.nextLink" : "y[" } ',
    '{"value":[{"@odata.nextLink":"not mine"}]}',
    '{"value":[1],"@odata.nextLink":"x","others":[2]}',
    '{"value":[1],"@odata.next\\u004cink":"x","others":[2]}',
    '{"others":[1],"value":[2]}',
    '{"value":[1],"value":"2","others":[3]}',
    '{"value":{"value":[1]}}',
    '[1]',
    '][',
    '',
  ])('reads %j as it is', (json) => {
    expectSame(json);
    for (let at = 0; at <= json.length; at += 1) {
      expectSame(json, [at]);
      // From there on in pieces of two bytes.
      expectSame(
        json,
        Array.from(json, (_letter, index) => at + 2 * index),
      );
    }
  });

  it.each([
    '{"value":[1]',
    '{"value":[1]}}',
    '"value":[1]}',
    '{"value":[1],}',
    '{"value":[',
    '{][',
  ])('finds no page in %j', (json) => {
    expect(pageParts([Buffer.from(json)])).toBeUndefined();
  });

  it('finds no page in what is not UTF-8', () => {
    const page = Buffer.from('{"value":["?"],"x":"?"}');
    for (const at of [page.indexOf('?'), page.lastIndexOf('?')]) {
      const spoilt = Buffer.from(page);
      spoilt[at] = 0xff;
      for (let cutAt = 0; cutAt <= spoilt.length; cutAt += 1) {
        expect(pageParts(cut(spoilt, [cutAt]))).toBeUndefined();
      }
    }
  });

  it('leaves customers to whoever reads them', () => {
    const parts = pageParts([Buffer.from('{"value":[{"id":}]}')]);
    expect(parts).toMatchObject({ members: [{ kind: 'list' }], inside: [Buffer.from('{"id":}')] });
  });
});
