import { describe, expect, it } from '@jest/globals';
import { readQueryOptions } from './query-options.ts';

const encoded = (text: string) => encodeURIComponent(text);
const fully = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** Ways to encode a value that Graph could decode once or twice. */
const SPELLINGS: readonly (readonly [string, (text: string) => string])[] = [
  ['unencoded', (text) => text.replaceAll(' ', '%20')],
  ['percent-encoded', encoded],
  ['with every byte percent-encoded', fully],
  ['in upper case', (text) => encoded(text.toUpperCase())],
  ['encoded twice', (text) => encoded(fully(text))],
  ['encoded three times', (text) => encoded(encoded(fully(text)))],
];

const FORBIDDEN: readonly (readonly [option: string, value: string])[] = [
  ['$expand', 'customers/appointments'],
  ['$expand', 'x($levels=max)'],
  ['$expand', '$root'],
  ['$expand', '*/$ref'],
  ['$select', 'id($expand=x)'],
  ['$select', 'a/b($filter=$root/x)'],
  ['$filter', "$root/users eq 'x'"],
  ['$filter', '$crossjoin(users,groups)'],
  ['$filter', "$it/appointments/any(a:a/id eq '1')"],
  ['$filter', "$it /appointments/any(a:a/id eq '1')"],
  ['$filter', "displayName eq '' or $root/x eq ''"],
  ['$filter', "displayName eq 'a''' or $root/x eq ''"],
  ['$filter', "displayName eq 'x' and id eq '$root/x"],
  ['$orderby', '$root/users desc'],
  ['$orderby', '$it/appointments/$count'],
  ['$orderby', "concat('a', $it/x)"],
];

describe('a query that reaches beyond the customers', () => {
  it.each(
    FORBIDDEN.flatMap(([option, value]) =>
      SPELLINGS.map(([how, spell]) => [option, value, how, spell(value)] as const),
    ),
  )('is refused: %s=%s %s', (option, _value, _how, written) => {
    for (const name of [option, option.replace('$', '%24')]) {
      expect(() => readQueryOptions(`${name}=${written}`)).toThrow(option);
    }
  });

  it.each([
    ['a quote that is encoded twice', "$filter=displayName eq 'x%2527 or $root/x eq %2527'"],
    ['a quote that is encoded three times', "$filter=displayName eq 'x%252527 or $root/x eq 1"],
    ['bytes that are not UTF-8', '$filter=displayName eq %ff'],
    ['bytes that are not UTF-8 in $expand', '$expand=%c0%af'],
    ['+ for a space', '$filter=$it+/x'],
  ])('is refused with %s', (_title, query) => {
    expect(() => readQueryOptions(query.replaceAll(' ', '%20'))).toThrow('A query option');
  });
});

describe('a query about the customers', () => {
  it.each<[string, string]>([
    ['$expand', 'microsoft.graph.bookingCustomer'],
    ['$expand', 'a,b'],
    ['$expand', '*'],
    ['$select', 'microsoft.graph.bookingCustomer/displayName,id'],
    ['$filter', "displayName eq '$root'"],
    ['$filter', "displayName eq '$ROOT/users' and id ne '$it/x'"],
    ['$filter', "displayName eq 'it''s $crossjoin(x)'"],
    ['$filter', "startswith(displayName,'100%')"],
    ['$filter', "displayName eq '50%41'"],
    ['$filter', "microsoft.graph.bookingCustomer/emailAddress eq 'a@b.c'"],
    ['$filter', "$it eq 'x'"],
    ['$orderby', 'microsoft.graph.bookingCustomer/displayName desc'],
    ['$search', '"$root/x"'],
    ['$skiptoken', '$root%2Fx'],
  ])('is forwarded unchanged: %s=%s', (option, value) => {
    for (const written of [encoded(value), fully(value)]) {
      expect(readQueryOptions(`${option}=${written}`)).toBe(`${option}=${written}`);
    }
  });
});
