import { beforeEach, describe, expect, it } from '@jest/globals';
import { isObject } from '@bookings/domain';
import fc from 'fast-check';
import { BODY_WAYS, detailsOf, targetsOf } from './body-ways.ts';
import { BUSINESS } from './documented.ts';
import { useStack } from './stack.ts';

const stack = useStack();
let id: string;
beforeEach(async () => {
  id = String((await stack.create()).body['id']);
});

const CUSTOMER = {
  displayName: 'Adele Vance',
  emailAddress: 'adelev@proseware.com',
  addresses: [{ street: '4567 Main Street', type: 'home' }],
  phones: [{ number: '206-555-0100', type: 'mobile' }],
};
/** What OData has beside properties (JSON Format 4.01, sections 4.5 and 4.6). */
const SERIALIZED = {
  '@odata.type': '#microsoft.graph.bookingCustomer',
  '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#x/$entity',
  'displayName@odata.type': '#String',
  displayName: 'Adele Vance',
  'emailAddress@odata.type': '#String',
  emailAddress: 'adelev@proseware.com',
  'addresses@odata.type': '#Collection(microsoft.graph.physicalAddress)',
  addresses: [
    {
      '@odata.type': '#microsoft.graph.physicalAddress',
      street: '4567 Main Street',
      'type@odata.type': '#microsoft.graph.physicalAddressType',
      type: 'home',
    },
  ],
  'phones@odata.type': '#Collection(microsoft.graph.phone)',
  'phones@odata.count': 1,
  phones: [
    { number: '206-555-0100', 'type@odata.type': '#microsoft.graph.phoneType', type: 'mobile' },
  ],
  'appointments@odata.navigationLink': 'x',
};

const part = fc.string({ unit: 'grapheme', maxLength: 8 });
const controlInformation = fc.dictionary(
  fc
    .tuple(fc.oneof(fc.constantFrom('', 'type', 'phones', 'id', '__proto__'), part), part)
    .map(([name, term]) => `${name.replaceAll('@', '')}@odata.${term}`)
    .filter((name) => name !== '@odata.type'),
  fc.jsonValue({ maxDepth: 3 }),
  { maxKeys: 3 },
);

const stored = (isUpdate: boolean) => stack.fake.customers(BUSINESS).at(isUpdate ? 0 : -1);

describe.each(BODY_WAYS)('control information of OData in $title', (by) => {
  it('is dropped at every level', async () => {
    expect((await by.send(stack, SERIALIZED, id)).status).toBeLessThan(300);
    expect(stored(by.isUpdate)).toMatchObject(CUSTOMER);
    expect(JSON.stringify(stored(by.isUpdate))).not.toMatch(/@odata\.(?!type":"#microsoft)/);
  });

  it('is dropped whatever its name and value are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(
          ...(Array(3).fill(controlInformation) as [
            typeof controlInformation,
            typeof controlInformation,
            typeof controlInformation,
          ]),
        ),
        async ([top, address, phone]) => {
          const body = {
            ...CUSTOMER,
            ...top,
            addresses: [{ ...CUSTOMER.addresses[0], ...address }],
            phones: [{ ...phone, ...CUSTOMER.phones[0] }],
          };
          const response = await by.send(stack, body, id);
          expect([response.status, detailsOf(response)]).toEqual([by.isUpdate ? 200 : 201, []]);
          const customer = stored(by.isUpdate);
          expect(customer).toMatchObject(CUSTOMER);
          for (const each of [...(customer?.addresses ?? []), ...(customer?.phones ?? [])]) {
            expect(Object.keys(isObject(each) ? each : {}).join()).not.toContain('@');
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each([
    '@other',
    'type@other.type',
    'a@b@odata.type',
    'type@odata',
    'type@Odata.type',
    'odata.type',
    'type@microsoft.graph.x',
  ])('is not another name with @, which is refused: %s', async (name) => {
    const response = await by.send(stack, { ...CUSTOMER, [name]: 1, phones: [{ [name]: 1 }] }, id);
    expect([response.status, targetsOf(response).sort()]).toEqual([
      400,
      [name, `phones[0].${name}`].sort(),
    ]);
  });
});

it.each(BODY_WAYS.filter(({ isUpdate }) => isUpdate))(
  '$title with nothing but control information is empty, and refused as such',
  async (by) => {
    const before = stack.graphRequests;
    for (const body of [
      {},
      { '@odata.type': '#microsoft.graph.bookingCustomer' },
      { 'displayName@odata.type': '#String' },
      { '@odata.etag': 'x', 'phones@odata.count': 0 },
    ]) {
      const response = await by.send(stack, body, id);
      expect([response.status, detailsOf(response)]).toEqual([
        400,
        [
          {
            message:
              'The body must have at least one of displayName, emailAddress, addresses, phones.',
            target: '',
          },
        ],
      ]);
    }
    expect(stack.graphRequests).toBe(before);
  },
);
