import { describe, expect, it } from '@jest/globals';
import { callerOf } from './auth/caller.ts';
import { assertCompact, isIssuerOf, hasDuplicateName } from './auth/token-checks.ts';
import { canonicalPath, isCustomersPath } from './http/odata-path.ts';
import { KnownRoutes } from './http/known-routes.ts';
import { businessId, opaqueId } from './http/opaque-id.ts';
import { isHost } from './http/request-context.ts';
import { parseIdempotencyKey } from './customers/idempotency-key.ts';

/** The maximum size of the headers and of the request line. */
const HEADER_BYTES = 16_384;
/** CPU time, which does not depend on other processes. A quadratic expression takes far longer. */
const MAX_CPU_MS = 2000;

const root = '/v1.0/solutions/bookingBusinesses';
const routes = new KnownRoutes();
for (const url of [`${root}/:business/customers`, `${root}/:business/customers/:customer`]) {
  routes.list.push({
    method: 'GET',
    url,
    operation: undefined,
    isPublic: true,
    requiresToken: false,
  });
}

const WORK: readonly (readonly [
  title: string,
  work: (text: string) => unknown,
  starts: readonly string[],
])[] = [
  ['the path', canonicalPath, ['', '/', 'http://', `${root}/`, `${root}('`]],
  ['the canonical path', isCustomersPath, ['/', `${root}/x`]],
  ['a path without a route', (text) => routes.refusal(text), ['/', `${root}/`]],
  ['an id', (text) => opaqueId(text, 'customer'), ['']],
  ['a business', businessId, ['', 'a@']],
  ['Host', isHost, ['']],
  ['Idempotency-Key', parseIdempotencyKey, ['', '"']],
  ['a token', assertCompact, ['', 'a.', 'a.a.']],
  ['the JSON of a token', (text) => hasDuplicateName(text, {}), ['', '"', '{"a":"']],
  ['iss', (text) => isIssuerOf(text, 'x'), ['']],
  ['scp', (scp) => callerOf({ scp, tid: 't', azp: 'a' }), ['']],
];

const FILLERS = ['/', '//', '/.', '/..', '\\', '\\"', '"\\', '"', "'", "''", '%27', '%25', '%2e'];
const MORE = ['(', ')', '$', '.', 'a', 'a.', '-', '=', '+', ':', ' ', ',', '0', '0-', '\u00e9'];

describe('input of callers', () => {
  it.each(
    WORK.flatMap(([title, work, starts]) =>
      starts.flatMap((start) =>
        [...FILLERS, ...MORE].map((filler) => [title, start, filler, work] as const),
      ),
    ),
  )('is parsed in linear time: %s, %j %j', (_title, start, filler, work) => {
    for (const times of [1, 4, 16]) {
      const text = `${start}${filler.repeat(Math.ceil((HEADER_BYTES * times) / filler.length))}`;
      for (const end of ['', '!', '"', '/customers', "')"]) {
        const before = process.cpuUsage();
        try {
          work(`${text}${end}`);
        } catch {
          // A refusal counts too.
        }
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / 1000).toBeLessThan(MAX_CPU_MS);
      }
    }
  });
});
