import { describe, expect, it } from '@jest/globals';
import { BookingCustomer } from '../model/booking-customer.ts';
import { DOCUMENTED_CUSTOMER } from '../model/documented-customer.ts';
import { validate } from './validate.ts';
import { GraphError } from '../errors/graph-error.ts';
import { parse } from './parse.ts';
import { PHONE_TYPES } from '../model/phone.ts';
import { PHYSICAL_ADDRESS_TYPES } from '../model/physical-address.ts';

const customer = (more: object = {}) => ({ displayName: 'Joni Sherman', ...more });
const targets = (input: unknown) =>
  validate(BookingCustomer, input).first.map(({ target }) => target);
const kinds = (input: unknown) =>
  validate(BookingCustomer, input).first.map(({ code, target }) => `${code} ${target}`);
const json = (text: string): unknown => JSON.parse(text);

describe('parse', () => {
  it('accepts the documented example and keeps all of it', () => {
    const parsed = parse(BookingCustomer, DOCUMENTED_CUSTOMER);
    expect(parsed).toStrictEqual(DOCUMENTED_CUSTOMER);
  });

  it.each<[string, object]>([
    ['displayName alone', {}],
    ['an e-mail address that is null', { emailAddress: null }],
    ['empty collections', { addresses: [], phones: [] }],
    ['items without properties', { addresses: [{}], phones: [{}] }],
    [
      'null in every nullable scalar',
      {
        addresses: [
          {
            postOfficeBox: null,
            street: null,
            city: null,
            state: null,
            countryOrRegion: null,
            postalCode: null,
            type: null,
          },
        ],
        phones: [{ number: null, type: null, language: null, region: null }],
      },
    ],
    ['@odata.type with its number sign', { '@odata.type': '#microsoft.graph.bookingCustomer' }],
    ['@odata.type without it', { '@odata.type': 'microsoft.graph.bookingCustomer' }],
    ['a name of 256 characters', { displayName: 'x'.repeat(256) }],
    ['a name in another script', { displayName: '\u5c71\u7530 \u{1f600}' }],
    ['every type of phone', { phones: PHONE_TYPES.map((type) => ({ type })) }],
    ['every type of address', { addresses: PHYSICAL_ADDRESS_TYPES.map((type) => ({ type })) }],
  ])('accepts %s', (_title, more) => {
    expect(JSON.parse(JSON.stringify(parse(BookingCustomer, customer(more))))).toEqual(
      customer(more),
    );
  });

  it('drops annotations with any value, in the body and in items', () => {
    const parsed = parse(BookingCustomer, {
      ...customer(),
      '@odata.context': 'x',
      '@odata.etag': { deep: [] },
      phones: [{ number: '1', '@odata.type': '#anything', '@odata.id': 4 }],
    });
    expect(JSON.parse(JSON.stringify(parsed))).toEqual(customer({ phones: [{ number: '1' }] }));
  });

  it.each<[string, unknown, string[]]>([
    ['a body that is null', null, ['InvalidBody ']],
    ['a body that is an array', [], ['InvalidBody ']],
    ['a body that is text', 'x', ['InvalidBody ']],
    ['a body without displayName', {}, ['RequiredProperty displayName']],
    ['displayName null', { displayName: null }, ['InvalidProperty displayName']],
    ['displayName empty', { displayName: '' }, ['InvalidProperty displayName']],
    ['displayName blank', { displayName: ' \t\u00a0\u200b' }, ['InvalidProperty displayName']],
    ['displayName a number', { displayName: 7 }, ['InvalidProperty displayName']],
    [
      'displayName of 257 characters',
      { displayName: 'x'.repeat(257) },
      ['InvalidProperty displayName'],
    ],
    ['emailAddress empty', customer({ emailAddress: '' }), ['InvalidProperty emailAddress']],
    [
      'emailAddress without a domain',
      customer({ emailAddress: 'jonis' }),
      ['InvalidProperty emailAddress'],
    ],
    [
      'emailAddress an object',
      customer({ emailAddress: { a: 1 } }),
      ['InvalidProperty emailAddress'],
    ],
    ['addresses null', customer({ addresses: null }), ['InvalidProperty addresses']],
    ['addresses an object', customer({ addresses: {} }), ['InvalidProperty addresses']],
    [
      'addresses with an array in it',
      customer({ addresses: [[]] }),
      ['InvalidProperty addresses[0]'],
    ],
    [
      'addresses with a filled array in it',
      customer({ addresses: [[{ type: 'x' }]] }),
      ['InvalidProperty addresses[0]'],
    ],
    [
      'addresses with null in it',
      customer({ addresses: [{}, null] }),
      ['InvalidProperty addresses[1]'],
    ],
    ['phones with a number in it', customer({ phones: [1] }), ['InvalidProperty phones[0]']],
    ['21 addresses', customer({ addresses: Array(21).fill({}) }), ['InvalidProperty addresses']],
    [
      'the last of 20 addresses',
      customer({ addresses: [...Array<object>(19).fill({}), { type: 'x' }] }),
      ['InvalidProperty addresses[19].type'],
    ],
    [
      'one of 21 addresses',
      customer({ addresses: [...Array<object>(20).fill({}), { type: 'x' }] }),
      ['InvalidProperty addresses'],
    ],
    ['31 phones', customer({ phones: Array(31).fill({}) }), ['InvalidProperty phones']],
    [
      'an address type in other case',
      customer({ addresses: [{}, { type: 'Home' }] }),
      ['InvalidProperty addresses[1].type'],
    ],
    [
      'a phone type of addresses',
      customer({ phones: [{ type: 'unknown' }] }),
      ['InvalidProperty phones[0].type'],
    ],
    [
      'a phone type that Graph does not have',
      customer({ phones: [{ type: 'unknownFutureValue' }] }),
      ['InvalidProperty phones[0].type'],
    ],
    [
      'a phone number that is a number',
      customer({ phones: [{ number: 1 }] }),
      ['InvalidProperty phones[0].number'],
    ],
    [
      'a phone number of 65 characters',
      customer({ phones: [{ number: '1'.repeat(65) }] }),
      ['InvalidProperty phones[0].number'],
    ],
    [
      'a street of 257 characters',
      customer({ addresses: [{ street: 'x'.repeat(257) }] }),
      ['InvalidProperty addresses[0].street'],
    ],
    [
      'a postal code of 33 characters',
      customer({ addresses: [{ postalCode: '1'.repeat(33) }] }),
      ['InvalidProperty addresses[0].postalCode'],
    ],
    [
      'another @odata.type',
      customer({ '@odata.type': '#microsoft.graph.bookingService' }),
      ['InvalidProperty @odata.type'],
    ],
    ['@odata.type null', customer({ '@odata.type': null }), ['InvalidProperty @odata.type']],
    ['id', customer({ id: 'x' }), ['ReadOnlyProperty id']],
    ['createdDateTime', customer({ createdDateTime: null }), ['ReadOnlyProperty createdDateTime']],
    [
      'lastUpdatedDateTime',
      customer({ lastUpdatedDateTime: 'x' }),
      ['ReadOnlyProperty lastUpdatedDateTime'],
    ],
    ['an unknown property', customer({ notes: 'x' }), ['UnknownProperty notes']],
    [
      'a property in other case',
      { DisplayName: 'x' },
      ['UnknownProperty DisplayName', 'RequiredProperty displayName'],
    ],
    [
      'an unknown property of an item',
      customer({ phones: [{ ext: 1 }] }),
      ['UnknownProperty phones[0].ext'],
    ],
    [
      'a property with another annotation prefix',
      customer({ '@microsoft.graph.x': 1 }),
      ['UnknownProperty @microsoft.graph.x'],
    ],
    [
      'the annotation of a property',
      customer({ 'phones@odata.bind': [] }),
      ['UnknownProperty phones@odata.bind'],
    ],
    [
      'a property named like a method',
      customer({ toString: 1, hasOwnProperty: 1 }),
      ['UnknownProperty toString', 'UnknownProperty hasOwnProperty'],
    ],
    [
      '__proto__',
      json('{"displayName":"x","__proto__":{"polluted":1}}'),
      ['ForbiddenProperty __proto__'],
    ],
    [
      '__proto__ in an item',
      json('{"displayName":"x","phones":[{"__proto__":{"number":"1"}}]}'),
      ['ForbiddenProperty phones[0].__proto__'],
    ],
    [
      'constructor',
      customer({ constructor: { prototype: { polluted: 1 } } }),
      ['ForbiddenProperty constructor'],
    ],
    ['prototype', customer({ prototype: {} }), ['ForbiddenProperty prototype']],
  ])('refuses %s', (_title, input, expected) => {
    expect(kinds(input)).toEqual(expected);
    expect(() => parse(BookingCustomer, input)).toThrow(GraphError);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('lists ten violations as ten entries', () => {
    const tenViolations = {
      '@odata.type': 'x',
      displayName: 1,
      emailAddress: 'none',
      id: 'x',
      notes: 'x',
      addresses: [{ type: 'Home', street: 5 }, null],
      phones: [{ type: 'cell' }, { extension: 1 }],
    };
    expect(targets(tenViolations).sort()).toEqual([
      '@odata.type',
      'addresses[0].street',
      'addresses[0].type',
      'addresses[1]',
      'displayName',
      'emailAddress',
      'id',
      'notes',
      'phones[0].type',
      'phones[1].extension',
    ]);
    expect(() => parse(BookingCustomer, tenViolations)).toThrow('breaks 10 rules');
  });

  it('names the property and the rule, and never repeats a value', () => {
    const input = {
      displayName: 'Joni',
      emailAddress: 'secret-value',
      phones: [{ type: 'secret-value' }],
    };
    const text = JSON.stringify(validate(BookingCustomer, input));
    expect(text).toContain(
      'emailAddress must be a valid e-mail address, or null when there is none.',
    );
    expect(text).toContain('phones[0].type must be null or one of home, business, mobile');
    expect(text).not.toContain('secret-value');
  });

  it('handles 30,000 levels of nesting in any property', () => {
    const deep = '['.repeat(30_000) + ']'.repeat(30_000);
    for (const place of ['displayName', 'addresses', 'unknown', '@odata.x']) {
      const input = json(`{"displayName":"x","${place}":${deep}}`);
      expect(targets(input)).toEqual(
        place === '@odata.x' ? [] : [place === 'addresses' ? 'addresses[0]' : place],
      );
    }
  });

  it('shortens a long unknown name and keeps it on one line', () => {
    const {
      first: [found],
    } = validate(BookingCustomer, customer({ [`a\n${'x'.repeat(5000)}`]: 1 }));
    expect(found?.target).toMatch(/^a\?x{62}\.\.\.$/);
  });

  it('throws an error with status 400 and details in the shape of Graph', () => {
    try {
      parse(BookingCustomer, {});
      throw new Error('parse accepted an empty object');
    } catch (error) {
      expect(error).toBeInstanceOf(GraphError);
      if (!(error instanceof GraphError)) return;
      expect([error.status, error.code]).toEqual([400, 'BadRequest']);
      expect(error.details).toEqual([
        {
          code: 'RequiredProperty',
          message:
            'displayName is required: it must be a string of 1 to 256 characters, not all of them blank.',
          target: 'displayName',
        },
      ]);
    }
  });
});
