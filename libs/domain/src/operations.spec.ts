import { describe, expect, it } from '@jest/globals';
import { OPERATIONS, OPERATION_NAMES, accessKindOf, isWrite, operationPath } from './operations.ts';

const KIND_OF_METHOD = { POST: 'create', GET: 'read', PATCH: 'update', DELETE: 'delete' };

describe('the table of operations', () => {
  it.each(OPERATION_NAMES)('has the access kind of the method and permissions for %s', (name) => {
    const { method, permissions, source } = OPERATIONS[name];
    expect(accessKindOf(name)).toBe(KIND_OF_METHOD[method]);
    expect(isWrite(name)).toBe(method !== 'GET');
    expect(Math.min(permissions.delegated.length, permissions.application.length)).toBeGreaterThan(
      0,
    );
    expect(source).not.toBe('');
  });

  it('has every method and path once', () => {
    const routes = Object.values(OPERATIONS).map(({ method, path }) => `${method} ${path}`);
    expect(new Set(routes).size).toBe(routes.length);
  });

  it.each(OPERATION_NAMES.filter(isWrite))('says why %s accepts less of applications', (name) => {
    expect(OPERATIONS[name].permissions.application).toHaveLength(1);
    expect(OPERATIONS[name].note).toMatch(/Bookings[.]Read/);
  });
});

describe('operationPath', () => {
  it('encodes each id as one segment', () => {
    const ids = { business: 'a/b@c', customer: "$&'{business}" };
    expect(operationPath('getCustomer', ids)).toBe(
      '/solutions/bookingBusinesses/a%2Fb%40c/customers/%24%26%27%7Bbusiness%7D',
    );
    expect(operationPath('countCustomers', ids)).toBe(
      '/solutions/bookingBusinesses/a%2Fb%40c/customers/$count',
    );
  });
});
