import { describe, expect, it } from '@jest/globals';
import { errorIn, retryAfterSeconds } from './api-response.ts';
import { pathSegment, readBaseUrl } from './base-url.ts';
import { readCreateOptions } from './create-options.ts';
import { readNextLink } from './customer-page.ts';
import { queryOf } from './request-options.ts';

/** Longer than any header, id or address. */
const BYTES = 65_536;
/**
 * A limit of CPU time, which does not depend on other processes. Linear code needs a tenth of it for
 * the largest input, and a quadratic expression needed twenty times as much.
 */
const MAX_CPU_MS = 2000;

const ROOT = 'https://bookings.contoso.com/v1.0/solutions/bookingBusinesses/';
const failed = (text: string) =>
  errorIn({ status: 400, headers: new Headers(), text, clientRequestId: '' }, true);

const ROWS: readonly (readonly [
  title: string,
  work: (text: string) => unknown,
  start: string,
  filler: string,
  end: string,
])[] = [
  ...['1', ' ', 'Mon,', '('].map(
    (filler) =>
      ['Retry-After', (text: string) => retryAfterSeconds(text, 0), '', filler, 'x'] as const,
  ),
  ['an error', failed, '{"error":{"code":"x","details":[', '{"code":"a","message":"b"},', '1]}}'],
  ['an error', failed, '', '{"error":', ''],
  ['an error', failed, '{"error":"', '\\"', ''],
  ...['/', '/..', '?', '&', '%25', 'a'].map(
    (filler) => ['nextLink', (text: string) => readNextLink(text, ROOT), ROOT, filler, ''] as const,
  ),
  ...['/', '//', '/v1.0', '/v1.0/', '.'].map(
    (filler) =>
      ['baseUrl', (text: string) => readBaseUrl(text, false), 'https://x', filler, '/a'] as const,
  ),
  ...['.', "'", '/', '$', '\u00e9'].map(
    (filler) => ['an id', (text: string) => pathSegment('id', text), '', filler, ''] as const,
  ),
  ['a key', (key) => readCreateOptions({ idempotencyKey: key }), '', '"', ''],
  ['a filter', (filter) => queryOf({ filter }), '', "'", ''],
];

describe('external input', () => {
  it.each(ROWS.map(([title, work, ...text]) => [title, ...text, work] as const))(
    'is parsed in linear time: %s, %j %j %j',
    (_title, start, filler, end, work) => {
      for (const times of [1, 4, 16]) {
        const text = `${start}${filler.repeat(Math.ceil((BYTES * times) / filler.length))}${end}`;
        const before = process.cpuUsage();
        try {
          work(text);
        } catch {
          // A refusal is as good.
        }
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / 1000).toBeLessThan(MAX_CPU_MS);
      }
    },
  );
});
