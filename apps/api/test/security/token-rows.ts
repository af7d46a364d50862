import { expect } from '@jest/globals';
import type { CallerTokenRequest } from '@bookings/graph-fake';
import { CREATE_PERMISSION } from '../documented.ts';
import { type Stack } from '../stack.ts';

/** The permission for a create, as application roles and as delegated scopes. */
export const roles = [CREATE_PERMISSION];
export const scopes = roles;
export const OTHER_TENANT = '00000000-aaaa-4bbb-8ccc-000000000001';
export const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** A token, and the expected result of a create with it. */
export interface Row {
  readonly token: (fake: Stack['fake']) => CallerTokenRequest;
  readonly status: 201 | 401 | 403;
  /** Part of the error message. */
  readonly message?: string;
}

export type Rows = readonly (readonly [string, Row])[];

export const row = (request: CallerTokenRequest, status: Row['status'], message?: string): Row => ({
  token: () => request,
  status,
  ...(message !== undefined && { message }),
});

/** Creates a customer with the token of the row, and checks the response. */
export async function checkRow(stack: Stack, { token, status, message }: Row): Promise<void> {
  await checkToken(stack, await stack.fake.issueToken(token(stack.fake)), status, message);
}

/** Creates a customer with the token, and checks the response. */
export async function checkToken(
  stack: Stack,
  token: string,
  status: Row['status'],
  message?: string,
): Promise<void> {
  const response = await stack.create({ token });
  expect(response.status).toBe(status);
  if (message !== undefined) expect(response.error['message']).toContain(message);
  expect(stack.graphRequests).toBe(status === 201 ? 1 : 0);
  if (status === 401) {
    expect(response.error['code']).toBe('InvalidAuthenticationToken');
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Bearer error="invalid_token", error_description="[^"]+"$/,
    );
  }
  if (status === 403) expect(response.error['code']).toBe('Authorization_RequestDenied');
}
