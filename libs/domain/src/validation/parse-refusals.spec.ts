import { describe, expect, it } from '@jest/globals';
import { BookingCustomer } from '../model/booking-customer.ts';
import { validate } from './validate.ts';
import { GraphError } from '../errors/graph-error.ts';
import { parse } from './parse.ts';

const customer = (more: object = {}) => ({ displayName: 'Joni Sherman', ...more });
const kinds = (input: unknown) =>
  validate(BookingCustomer, input).first.map(({ code, target }) => `${code} ${target}`);
const json = (text: string): unknown => JSON.parse(text);

describe('parse', () => {
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
    ['an unknown property', customer({ noSuchProperty: 'x' }), ['UnknownProperty noSuchProperty']],
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
      'a property with another annotation',
      customer({ 'phones@other.x': [], 'a@b@odata.x': 1 }),
      ['UnknownProperty phones@other.x', 'UnknownProperty a@b@odata.x'],
    ],
    [
      'an unpaired surrogate in every kind of text',
      {
        displayName: '\ud83d',
        emailAddress: 'a\udc00@example.org',
        addresses: [{ street: '\ude00\ud83d' }],
        phones: [{ number: 'x\ud83d', language: '\ud83d', '@odata.x': ['\ud83d'] }],
        '@odata.\ud83d': 1,
      },
      [
        'InvalidProperty phones[0].@odata.x',
        'InvalidProperty @odata.?',
        'InvalidProperty displayName',
        'InvalidProperty emailAddress',
        'InvalidProperty addresses[0].street',
        'InvalidProperty phones[0].number',
        'InvalidProperty phones[0].language',
      ],
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
});
