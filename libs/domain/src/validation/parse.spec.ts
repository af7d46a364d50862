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
      'displayName@odata.type': '#String',
      'phones@odata.bind': [],
      phones: [{ number: '1', '@odata.type': '#anything', '@odata.id': 4, 'type@odata.type': 1 }],
    });
    expect(JSON.parse(JSON.stringify(parsed))).toEqual(customer({ phones: [{ number: '1' }] }));
  });

  it('lists ten violations as ten entries', () => {
    const tenViolations = {
      '@odata.type': 'x',
      displayName: 1,
      emailAddress: 'none',
      id: 'x',
      noSuchProperty: 'x',
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
      'noSuchProperty',
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

  it('cuts a long unknown name between characters', () => {
    const name = `${'x'.repeat(63)}\u{1f600}${'x'.repeat(63)}`;
    const {
      first: [found],
    } = validate(BookingCustomer, customer({ [name]: 1 }));
    expect(found?.target.isWellFormed()).toBe(true);
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
