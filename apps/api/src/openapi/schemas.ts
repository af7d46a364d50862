import {
  BOOKING_CUSTOMER_TYPE,
  READ_ONLY_PROPERTIES,
  WRITABLE_PROPERTIES,
  bodySchemas,
} from '@bookings/domain';
import { BATCH_REQUESTS, BATCH_RESPONSES } from './batch-schemas.ts';
import { ERROR_DETAILS, ERROR_SCHEMA } from './error-schema.ts';
import { type Json, type JsonObject, described, jsonObject, ref } from './open-api-objects.ts';
import { permissionsSchema } from './permissions-schema.ts';
import { PROPERTY_DESCRIPTIONS, withDescriptions } from './property-descriptions.ts';

/** The request bodies, derived from the decorators, and the response bodies. */
export function schemas(): JsonObject {
  const { BookingCustomer, BookingCustomerChanges, PhysicalAddress, Phone } = requestSchemas();
  return {
    BookingCustomer: { description: 'A customer to create.', ...BookingCustomer },
    BookingCustomerChanges: {
      description: 'At least one property. What is absent stays as it is.',
      ...BookingCustomerChanges,
      // Within `allOf`, because generators would make alternatives of the whole schema.
      allOf: [{ anyOf: WRITABLE_PROPERTIES.map((name) => ({ required: [name] })) }],
    },
    PhysicalAddress: { description: 'A postal address.', ...PhysicalAddress },
    Phone: { description: 'A telephone number.', ...Phone },
    StoredBookingCustomer: storedCustomer(BookingCustomer),
    StoredPhysicalAddress: stored('A postal address, as Graph has it.', PhysicalAddress),
    StoredPhone: stored('A telephone number, as Graph has it.', Phone),
    BookingCustomerPage: PAGE,
    GraphError: ERROR_SCHEMA,
    Permissions: permissionsSchema(ERROR_DETAILS),
    BatchRequests: BATCH_REQUESTS,
    BatchResponses: BATCH_RESPONSES,
  };
}

const CONTEXT = described('string', "Where Graph's metadata describes the response.");

const PAGE: JsonObject = {
  type: 'object',
  description: 'One page of Graph.',
  required: ['value'],
  properties: {
    '@odata.context': CONTEXT,
    '@odata.nextLink': described('string', 'The URL of the next page, at the proxy.'),
    '@odata.deltaLink': described('string', 'The URL of later changes, at the proxy.'),
    '@odata.count': described('integer', 'The number of all customers that match; with `$count`.'),
    value: {
      type: 'array',
      description: 'The customers of this page.',
      items: ref('schemas', 'StoredBookingCustomer'),
    },
  },
};

/** The schemas that derive from the decorators, with descriptions. */
function requestSchemas(): Record<keyof typeof PROPERTY_DESCRIPTIONS, JsonObject> {
  // The library's schemas are plain JSON; parsing gives them that type.
  const derived = jsonObject(JSON.parse(JSON.stringify(bodySchemas('#/components/schemas/'))));
  const withText = (name: keyof typeof PROPERTY_DESCRIPTIONS): JsonObject =>
    withDescriptions(jsonObject(derived[name]), PROPERTY_DESCRIPTIONS[name]);
  return {
    BookingCustomer: withText('BookingCustomer'),
    BookingCustomerChanges: withText('BookingCustomerChanges'),
    PhysicalAddress: withText('PhysicalAddress'),
    Phone: withText('Phone'),
  };
}

const SET_BY_GRAPH: Readonly<Record<string, string>> = {
  id: 'The opaque id of the customer in Graph.',
  createdDateTime: 'When Graph created the customer, in UTC.',
  lastUpdatedDateTime: 'When Graph last changed the customer, in UTC.',
};

function storedCustomer(customer: JsonObject): JsonObject {
  const description =
    "Graph's own bytes. With `$select` it has the selected properties, so select `id` as well.";
  const { properties, ...schema } = stored(description, customer);
  const type = {
    type: 'string',
    description: 'The type in Graph.',
    examples: [BOOKING_CUSTOMER_TYPE],
  };
  const set = READ_ONLY_PROPERTIES.map((name): [string, JsonObject] => [
    name,
    { type: 'string', readOnly: true, description: SET_BY_GRAPH[name] ?? '' },
  ]);
  return {
    ...schema,
    required: ['id'],
    properties: {
      ...jsonObject(properties),
      '@odata.context': CONTEXT,
      '@odata.type': type,
      ...Object.fromEntries(set),
    },
  };
}

/** The same properties in a response. Graph promises nothing about their lengths and values. */
function stored(description: string, { properties }: JsonObject): JsonObject {
  const loose = Object.entries(jsonObject(properties)).map(([name, property]) => {
    const { items, description: meaning = '' } = jsonObject(property);
    const schema: JsonObject =
      items === undefined
        ? { type: ['string', 'null'], description: meaning }
        : { type: 'array', description: meaning, items: storedRef(items) };
    return [name, schema] as const;
  });
  return { type: 'object', description, properties: Object.fromEntries(loose) };
}

function storedRef(items: Json): JsonObject {
  const { $ref } = jsonObject(items);
  if (typeof $ref !== 'string') throw new TypeError('The items of a collection have no schema.');
  return ref('schemas', `Stored${$ref.split('/').at(-1) ?? ''}`);
}
