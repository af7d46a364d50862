import {
  BOOKING_CUSTOMER_TYPE,
  READ_ONLY_PROPERTIES,
  WRITABLE_PROPERTIES,
  bodySchemas,
  isObject,
} from '@bookings/domain';
import { BATCH_REQUESTS, BATCH_RESPONSES } from './batch-schemas.ts';
import { ERROR_DETAILS, ERROR_SCHEMA } from './error-schema.ts';
import { type Json, type JsonObject, ref } from './open-api-objects.ts';
import { permissionsSchema } from './permissions-schema.ts';

const text: JsonObject = { type: 'string' };

/** The request bodies, derived from the decorators, and the response bodies. */
export function schemas(): JsonObject {
  const { BookingCustomer, BookingCustomerChanges, PhysicalAddress, Phone } = requestSchemas();
  return {
    BookingCustomer: object(BookingCustomer),
    BookingCustomerChanges: {
      ...object(BookingCustomerChanges),
      anyOf: WRITABLE_PROPERTIES.map((name) => ({ required: [name] })),
    },
    PhysicalAddress: object(PhysicalAddress),
    Phone: object(Phone),
    StoredBookingCustomer: storedCustomer(object(BookingCustomer)),
    StoredPhysicalAddress: stored(object(PhysicalAddress)),
    StoredPhone: stored(object(Phone)),
    BookingCustomerPage: {
      type: 'object',
      description:
        'One page of Graph. `@odata.nextLink` is the URL of the next page, at the proxy.',
      required: ['value'],
      properties: {
        '@odata.nextLink': text,
        '@odata.deltaLink': text,
        '@odata.count': { type: 'integer' },
        value: { type: 'array', items: ref('schemas', 'StoredBookingCustomer') },
      },
    },
    Error: ERROR_SCHEMA,
    Permissions: permissionsSchema(ERROR_DETAILS),
    BatchRequests: BATCH_REQUESTS,
    BatchResponses: BATCH_RESPONSES,
  };
}

// The library's schemas are plain JSON; parsing gives them that type.
function requestSchemas(): JsonObject {
  return object(JSON.parse(JSON.stringify(bodySchemas('#/components/schemas/'))));
}

function storedCustomer(customer: JsonObject): JsonObject {
  const { properties } = stored(customer);
  const set = READ_ONLY_PROPERTIES.map((name): [string, JsonObject] => [name, SET_BY_GRAPH]);
  return {
    type: 'object',
    description: "Graph's own bytes. With `$select` it has the selected properties.",
    properties: {
      ...object(properties),
      '@odata.type': { ...text, examples: [BOOKING_CUSTOMER_TYPE] },
      ...Object.fromEntries(set),
    },
  };
}

/** The same properties in a response. Graph promises nothing about their lengths and values. */
function stored({ properties }: JsonObject): JsonObject {
  const loose = Object.entries(object(properties)).map(([name, property]): [string, JsonObject] => {
    const { items } = object(property);
    return [name, items === undefined ? NULLABLE_TEXT : { type: 'array', items: storedRef(items) }];
  });
  return { type: 'object', properties: Object.fromEntries(loose) };
}

const SET_BY_GRAPH: JsonObject = { ...text, readOnly: true };
const NULLABLE_TEXT: JsonObject = { type: ['string', 'null'] };

function storedRef(items: Json): JsonObject {
  const { $ref } = object(items);
  if (typeof $ref !== 'string') throw new TypeError('The items of a collection have no schema.');
  return ref('schemas', `Stored${$ref.split('/').at(-1) ?? ''}`);
}

function object(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw new TypeError('A model has no schema.');
}

function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}
