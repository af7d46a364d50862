import { describe, expect, it } from '@jest/globals';
import { type UpstreamRequest, isObject, parseJson } from '@bookings/domain';
import { claimsChallenge } from './transport/claims-challenge.ts';
import { forwardedHeaders, readableRequestId } from './transport/headers.ts';
import { rewriteLinks } from './paging/page-links.ts';
import { retryAfterMs } from './transport/retry-after.ts';

/** The largest header of a caller or of Graph. */
const HEADER_BYTES = 16_384;
const PAGE_BYTES = 65_536;
/** CPU time, which other processes do not affect. Linear code needs a tenth of it for the largest input. */
const MAX_CPU_MS = 2000;

const preferHeader = (prefer: string) => {
  const request: UpstreamRequest = {
    caller: { kind: 'application', appId: 'a', tenantId: 't', permissions: [], personal: false },
    callerToken: '',
    requestId: '',
    clientRequestId: '',
    headers: { prefer },
    deadlineAtMs: 0,
    signal: new AbortController().signal,
    trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
  };
  return forwardedHeaders(request, '', false);
};
const TARGETS = {
  upstreamUrl: 'https://graph.microsoft.com/v1.0/',
  business: 'b',
  collectionUrl: 'https://x/customers',
};
const LINK = `${TARGETS.upstreamUrl}solutions/bookingBusinesses/b/customers?`;
const rewrite = (text: string) => {
  const page = parseJson(Buffer.from(text));
  try {
    return isObject(page) && rewriteLinks(Buffer.from(text), page, TARGETS, undefined);
  } catch {
    return undefined;
  }
};

type Row = readonly [
  title: string,
  work: (text: string) => unknown,
  bytes: number,
  start: string,
  filler: string,
  end: string,
];

const PREFER = ['"\\"', '\\"', '"', '"a"', '"a" ', '\\', ' ', ',', ', ', 'a', 'a,', 'a=', '"a\\'];
const JSON_FILLERS = ['\\"', '"', '\\\\', '1', '1-', '1e', ' ', '[', '{"a":', '{"a":[', ',', '\\u'];

const ROWS: readonly Row[] = [
  ...PREFER.flatMap((filler): Row[] => [
    ['Prefer', preferHeader, HEADER_BYTES, '', filler, ''],
    ['Prefer', preferHeader, HEADER_BYTES, 'return', filler, '"!'],
    ['Prefer', preferHeader, HEADER_BYTES, 'a="', filler, 'x'],
  ]),
  ['WWW-Authenticate', claimsChallenge, HEADER_BYTES, '', 'claims="', ''],
  ['WWW-Authenticate', claimsChallenge, HEADER_BYTES, '', 'claims="A', '!'],
  ['WWW-Authenticate', claimsChallenge, HEADER_BYTES, 'claims="', 'A', '!'],
  ['WWW-Authenticate', claimsChallenge, HEADER_BYTES, 'claims="', '=', '!'],
  ...['1', ' ', '1.', '.', 'Mon,', '0 ', '('].map((filler): Row => [
    'Retry-After',
    (text) => retryAfterMs(text, 0),
    HEADER_BYTES,
    filler === ' ' ? 'x' : '',
    filler,
    'x',
  ]),
  ['request-id', readableRequestId, HEADER_BYTES, '', 'a', ' '],
  ...JSON_FILLERS.flatMap((filler): Row[] => [
    ['a page', rewrite, PAGE_BYTES, '{"value":[', filler, ']}'],
    ['a page', rewrite, PAGE_BYTES, `{"value":["`, filler, `"],"@odata.nextLink":"${LINK}$top=1"}`],
    ['a page', rewrite, PAGE_BYTES, '', filler, ''],
  ]),
  [
    'blanks in a page',
    rewrite,
    PAGE_BYTES,
    '{"@odata.nextLink"',
    ' ',
    `:"${LINK}$top=1","value":[]}`,
  ],
  ['many links', rewrite, HEADER_BYTES, '{', `"@odata.nextLink":"${LINK}$top=1",`, '"value":[]}'],
  ['a long link', rewrite, HEADER_BYTES, `{"value":[],"@odata.nextLink":"${LINK}`, '&$top=1', '"}'],
  ['a long link', rewrite, HEADER_BYTES, `{"value":[],"@odata.nextLink":"${LINK}`, '&', '"}'],
  [
    'a long path',
    rewrite,
    HEADER_BYTES,
    `{"value":[],"@odata.nextLink":"${TARGETS.upstreamUrl}`,
    '/../a',
    '"}',
  ],
];

describe('input from outside', () => {
  it.each(ROWS.map(([title, work, bytes, ...text]) => [title, ...text, bytes, work] as const))(
    'is processed in linear time: %s, %j %j %j',
    (_title, start, filler, end, bytes, work) => {
      for (const times of [1, 4, 16]) {
        const count = Math.ceil((bytes * times) / filler.length);
        const text = `${start}${filler.repeat(count)}${end}`;
        const before = process.cpuUsage();
        work(text);
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / 1000).toBeLessThan(MAX_CPU_MS);
      }
    },
  );
});
