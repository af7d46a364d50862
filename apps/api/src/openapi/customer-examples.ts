import {
  BOOKING_CUSTOMER_TYPE,
  DOCUMENTED_CUSTOMER,
  OPERATIONS,
  operationPath,
} from '@bookings/domain';
import type { JsonObject } from './open-api-objects.ts';

/** The business of Microsoft's example. The local stack has it too. */
export const EXAMPLE_BUSINESS = 'Contosolunchdelivery@contoso.onmicrosoft.com';

const CONTEXT = `https://graph.microsoft.com/v1.0/solutions/$metadata#bookingBusinesses('${encodeURIComponent(EXAMPLE_BUSINESS)}')/customers`;

const CUSTOMER: JsonObject = {
  ...DOCUMENTED_CUSTOMER,
  '@odata.type': BOOKING_CUSTOMER_TYPE,
  id: '36038f36-634e-44e4-9415-d7d59c2347aa',
  createdDateTime: '2026-11-29T09:30:00Z',
  lastUpdatedDateTime: '2026-11-29T09:30:00Z',
};

/** The response to the create of Microsoft's example. */
export const CREATED_CUSTOMER: JsonObject = {
  '@odata.context': `${CONTEXT}/$entity`,
  ...CUSTOMER,
};

export const CHANGED_CUSTOMER: JsonObject = { ...CREATED_CUSTOMER, displayName: 'Adele' };

export const CUSTOMER_PAGE: JsonObject = { '@odata.context': CONTEXT, value: [CUSTOMER] };

/** The path of a create in a batch. */
const CUSTOMERS = operationPath('createCustomer', { business: EXAMPLE_BUSINESS });

const headers = { 'Content-Type': 'application/json' };

export const BATCH: JsonObject = {
  requests: [
    {
      id: 'create',
      method: OPERATIONS.createCustomer.method,
      url: CUSTOMERS,
      headers,
      body: DOCUMENTED_CUSTOMER,
    },
    { id: 'count', method: 'GET', url: `${CUSTOMERS}/$count`, dependsOn: ['create'] },
  ],
};

export const BATCH_RESULT: JsonObject = {
  responses: [
    { id: 'create', status: 201, headers, body: CREATED_CUSTOMER },
    { id: 'count', status: 200, headers: { 'Content-Type': 'text/plain' }, body: '42' },
  ],
};
