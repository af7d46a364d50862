import { describe, expect, it } from '@jest/globals';
import { GraphError } from './errors/graph-error.ts';
import { parseCustomerChanges } from './validation/parse.ts';

function refusal(input: unknown): GraphError {
  try {
    parseCustomerChanges(input);
  } catch (error) {
    if (error instanceof GraphError) return error;
  }
  throw new Error('the changes were accepted');
}

describe('parseCustomerChanges', () => {
  it.each([
    [{ displayName: 'Adele' }],
    [{ emailAddress: null }],
    [{ addresses: [] }],
    [{ phones: [{ number: null, type: 'home' }] }],
    [{ displayName: 'Adele', emailAddress: 'adele@relecloud.com' }],
  ])('keeps the given properties and adds none: %j', (changes) => {
    expect(JSON.parse(JSON.stringify(parseCustomerChanges(changes)))).toEqual(changes);
  });

  it.each<[unknown, string, string]>([
    [{}, 'RequiredProperty', ''],
    [{ '@odata.type': '#microsoft.graph.bookingCustomer' }, 'RequiredProperty', ''],
    [{ '@odata.etag': 'x' }, 'RequiredProperty', ''],
    [[], 'InvalidBody', ''],
    [null, 'InvalidBody', ''],
    [{ displayName: null }, 'InvalidProperty', 'displayName'],
    [{ displayName: ' ' }, 'InvalidProperty', 'displayName'],
    [{ emailAddress: '' }, 'InvalidProperty', 'emailAddress'],
    [{ addresses: null }, 'InvalidProperty', 'addresses'],
    [{ id: 'x' }, 'ReadOnlyProperty', 'id'],
    [{ displayName: 'Adele', createdDateTime: 'x' }, 'ReadOnlyProperty', 'createdDateTime'],
    [{ displayName: 'Adele', surname: 'Vance' }, 'UnknownProperty', 'surname'],
  ])('refuses %j: %s %s', (changes, code, target) => {
    const { status, details } = refusal(changes);
    expect([status, details]).toEqual([400, [expect.objectContaining({ code, target })]]);
  });

  it('lists the writable properties when none is given', () => {
    expect(refusal({}).details?.[0]?.message).toBe(
      'The body must have at least one of displayName, emailAddress, addresses, phones.',
    );
  });
});
