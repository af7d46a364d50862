import { describe, expect, it } from '@jest/globals';
import { BookingsClient } from './index.ts';
import { JONI, client, created, service } from './service.fixture.ts';

const OPTIONS = { baseUrl: 'https://bookings.contoso.com', getToken: () => Promise.resolve('x') };

// As JavaScript does, without types.
const construct = (...args: unknown[]): unknown => Reflect.construct(BookingsClient, args);

function call(target: unknown, method: string, args: readonly unknown[] = []): unknown {
  const found: unknown = Reflect.get(Object(target), method);
  if (typeof found !== 'function') throw new Error(`There is no method ${method}.`);
  return Reflect.apply(found, target, args);
}

describe('a client', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'BookingsClient needs an object with baseUrl and getToken'],
    ['an address', OPTIONS.baseUrl, 'BookingsClient needs an object with baseUrl and getToken'],
    [
      'no baseUrl',
      { ...OPTIONS, baseUrl: undefined },
      'baseUrl must be an http or https URL, such as https://bookings.contoso.com',
    ],
    [
      'no getToken',
      { baseUrl: OPTIONS.baseUrl },
      'getToken must be a function that returns a promise of a token for the proxy, not undefined',
    ],
    [
      'a token',
      { ...OPTIONS, getToken: 's3cret' },
      'getToken must be a function that returns a promise of a token for the proxy, not a string',
    ],
    [
      'a promise of a token',
      { ...OPTIONS, getToken: Promise.resolve('s3cret') },
      'getToken must be a function that returns a promise of a token for the proxy, not an object',
    ],
    [
      'a text instead of a boolean',
      { ...OPTIONS, baseUrl: 'http://contoso.com', allowInsecureConnection: 'false' },
      'allowInsecureConnection must be true or false, not a string',
    ],
  ])('refuses %s at construction', (_title, options, message) => {
    expect(() => construct(options)).toThrow(new TypeError(message));
  });
});

const tag = 'W/"s3cret\n"';
describe.each<[keyof BookingsClient, [unknown[], string][]]>([
  [
    'createCustomer',
    [
      [[7, JONI], 'businessId must be a string, not a number'],
      [[undefined, JONI], 'businessId must be a string, not undefined'],
      [['b'], 'customer must be an object, not undefined'],
      [['b', 's3cret'], 'customer must be an object, not a string'],
      [['b', [JONI]], 'customer must be an object, not an array'],
      [['b', JONI, 's3cret'], 'options must be an object, not a string'],
      [['b', JONI, null], 'options must be an object, not null'],
      [['b', JONI, { idempotencyKey: 7 }], 'idempotencyKey must be a string, not a number'],
      [['b', JONI, { signal: 1000 }], 'signal must be an AbortSignal, not a number'],
      [
        ['b', JONI, { signal: new AbortController() }],
        'signal must be an AbortSignal, not an object',
      ],
      [['b', JONI, { deadlineMs: '5' }], 'deadlineMs must be a whole number from 1 to 2147483647'],
    ],
  ],
  ['createCustomerWithReport', [[[{}, JONI], 'businessId must be a string, not an object']]],
  [
    'getCustomer',
    [
      [['b', 7], 'customerId must be a string, not a number'],
      [['b'], 'customerId must be a string, not undefined'],
      [['b', 'c', 's3cret'], 'options must be an object, not a string'],
    ],
  ],
  [
    'updateCustomer',
    [
      [['b', 'c'], 'changes must be an object, not undefined'],
      [['b', 'c', {}, { ifMatch: 7 }], 'ifMatch must be a string, not a number'],
      [
        ['b', 'c', {}, { ifMatch: tag }],
        'ifMatch must be an entity tag, of characters from ! to ~',
      ],
    ],
  ],
  [
    'deleteCustomer',
    [
      [[null, 'c'], 'businessId must be a string, not null'],
      [['b', 'c', { ifMatch: tag }], 'ifMatch must be an entity tag, of characters from ! to ~'],
    ],
  ],
  ['countCustomers', [[['b', { filter: {} }], 'filter must be a string, not an object']]],
  [
    'listCustomers',
    [
      [['b', null], 'options must be an object, not null'],
      [['b', { top: '5' }], 'top must be a whole number from 0 up'],
      [['b', { skip: true }], 'skip must be a whole number from 0 up'],
      [['b', { orderby: ['x'] }], 'orderby must be a string, not an array'],
      [['b', { select: 'displayName' }], 'select must be an array of strings, not a string'],
      [['b', { select: [7] }], 'each entry of select must be a string, not a number'],
    ],
  ],
  ['nextPage', [[['x', 7], 'options must be an object, not a number']]],
])('%s', (method, rows) => {
  it.each(rows)('refuses %j without a request: %s', async (args, message) => {
    const { url, seen } = await service(created);
    await expect(call(client(url), method, args)).rejects.toEqual(new TypeError(message));
    expect(seen).toEqual([]);
  });
});

it('customers refuses a number as the business when it is iterated', async () => {
  const { url, seen } = await service(created);
  const customers = call(client(url), 'customers', [7]);
  await expect(call(customers, 'next')).rejects.toEqual(
    new TypeError('businessId must be a string, not a number'),
  );
  expect(seen).toEqual([]);
});
