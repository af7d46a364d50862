import type { ErrorDetail } from './graph-error.ts';

/** Why a user is refused when the proxy has a managed identity. */
export const USERS_NOT_SERVED: ErrorDetail = {
  code: 'UsersNotServed',
  message:
    'This proxy serves only applications: its managed identity cannot act on behalf of a user.',
  target: 'scp',
};
