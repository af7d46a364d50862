import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { member, parseJson } from '../pact/loose-json.ts';
import { ROOT } from './command.ts';

/** The file of each pact by its provider, from the root of the workspace. */
export const PACT_FILE = {
  'bookings-api': 'pacts/bookings-client-bookings-api.json',
  'microsoft-graph': 'pacts/bookings-api-microsoft-graph.json',
} as const;

/**
 * A pact with few interactions, which are verified fast.
 *
 * @param description what their descriptions contain
 * @param status what their responses have instead of their own status
 */
export function smallPact(
  provider: keyof typeof PACT_FILE,
  description: string,
  status?: number,
): string {
  const whole = parseJson(readFileSync(join(ROOT, PACT_FILE[provider]), 'utf8'));
  const all: unknown = member(whole, 'interactions');
  const interactions = (Array.isArray(all) ? all : [])
    .filter((each: unknown) => String(member(each, 'description')).includes(description))
    .map((each: unknown) =>
      Object.assign({}, each, {
        response: Object.assign({}, member(each, 'response'), status !== undefined && { status }),
      }),
    );
  return JSON.stringify(Object.assign({}, whole, { interactions }));
}
