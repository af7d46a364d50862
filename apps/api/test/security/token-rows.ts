import { expect } from '@jest/globals';
import type { CallerTokenRequest } from '@bookings/graph-fake';
import { CREATE_PERMISSION, type Stack } from '../stack.ts';

/** The permission that a create needs, as an application's roles or a user's scopes. */
export const roles = [CREATE_PERMISSION];
export const scopes = roles;
/** Nobody's here. */
export const OTHER_TENANT = '00000000-aaaa-4bbb-8ccc-000000000001';
export const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** A token, and what becomes of a create with it. */
export interface Row {
  readonly token: (fake: Stack['fake']) => CallerTokenRequest;
  readonly status: 201 | 401 | 403;
  /** Part of the error's message. */
  readonly says?: string;
}

export type Rows = readonly (readonly [string, Row])[];

export const held = (request: CallerTokenRequest, status: Row['status'], says?: string): Row => ({
  token: () => request,
  status,
  ...(says !== undefined && { says }),
});

/** Creates with the row's token and checks the answer and what Graph saw. */
export async function checkRow(stack: Stack, { token, status, says }: Row): Promise<void> {
  await checkToken(stack, await stack.fake.issueToken(token(stack.fake)), status, says);
}

/** The same for a token that is there already. */
export async function checkToken(
  stack: Stack,
  token: string,
  status: Row['status'],
  says?: string,
): Promise<void> {
  const answer = await stack.create({ token });
  expect(answer.status).toBe(status);
  if (says !== undefined) expect(answer.error['message']).toContain(says);
  expect(stack.seen).toBe(status === 201 ? 1 : 0);
  if (status === 401) {
    expect(answer.error['code']).toBe('InvalidAuthenticationToken');
    expect(answer.headers.get('www-authenticate')).toMatch(
      /^Bearer error="invalid_token", error_description="[^"]+"$/,
    );
  }
  if (status === 403) expect(answer.error['code']).toBe('Authorization_RequestDenied');
}
