import customer from '@bookings/domain/documented-customer.json' with { type: 'json' };

/** The ports of the local stack, from the environment. */
export function localPorts(env: NodeJS.ProcessEnv): { api: number; fake: number } {
  return { api: port(env, 'PORT', 3000), fake: port(env, 'GRAPH_FAKE_PORT', 4010) };
}

function port(env: NodeJS.ProcessEnv, key: string, standard: number): number {
  const text = env[key] ?? String(standard);
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (value <= 65_535) return value;
  throw new TypeError(`${key} must be a port, a whole number from 0 to 65535`);
}

/** The booking business in the example of the page "Create bookingCustomer". */
export const DOCUMENTED_BUSINESS = 'Contosolunchdelivery@contoso.onmicrosoft.com';

/** The request body of that page. */
export const DOCUMENTED_CUSTOMER = customer;
