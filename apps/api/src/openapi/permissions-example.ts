import { OPERATIONS, OPERATION_NAMES, isWrite } from '@bookings/domain';
import type { Json, JsonObject } from './open-api-objects.ts';

/** The details of the 403 of a user without a permission that would do. */
const missingScope = (anyOf: readonly string[]): JsonObject => ({
  code: 'MissingPermission',
  message: `The caller holds a delegated token without any of the delegated permissions that would do: ${anyOf.join(', ')}.`,
  target: 'scp',
});

const verdicts = OPERATION_NAMES.map((operation): Json => {
  const anyOf = OPERATIONS[operation].permissions.delegated;
  const permitted = !isWrite(operation);
  return { operation, permitted, anyOf, missing: permitted ? [] : [missingScope(anyOf)] };
});

/** The response of `GET /permissions` to a user who may read only. */
export const PERMISSIONS: JsonObject = {
  caller: {
    kind: 'delegated',
    appId: '5c8f1b1e-2f0a-4c55-8a3d-7e6b9d0c1f22',
    tenantId: '3c1f0a3e-7b52-4d0f-9f1b-6a2d8e4c5b70',
    personalAccount: false,
    permissions: ['Bookings.Read.All'],
  },
  businessAccess: {
    narrowed: false,
    message: 'There is no business access file: every caller reaches every business.',
  },
  operations: verdicts,
};
