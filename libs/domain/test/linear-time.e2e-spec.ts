import { describe, expect, it } from '@jest/globals';
import { foldBusinessId, isBusinessId } from '../src/access/business-id.ts';
import { isDeeperThan, parseJson } from '../src/json-depth.ts';
import { inNormalForm } from '../src/values.ts';
import { parseCustomer, parseCustomerChanges } from '../src/validation/parse.ts';
import { encodedSegment } from '../src/odata/path-segment.ts';
import type { Caller } from '../src/caller.ts';
import { permits } from '../src/permissions.ts';
import { readQueryOptions } from '../src/odata/query-options.ts';
import { readBusinessAccess } from '../src/access/read-business-access.ts';

/** The largest request line, and the largest body. */
const HEADER_BYTES = 16_384;
const BODY_BYTES = 65_536;
/** CPU time, which other processes do not affect. Linear code needs a tenth of it for the largest input. */
const MAX_CPU_MS = 2000;

const APP = '11111111-2222-3333-4444-555555555555';
const access = readBusinessAccess({
  callers: [
    { appId: APP, businesses: ['*@*', `${'a*'.repeat(100)}b@contoso.com`], operations: ['read'] },
  ],
});
const caller = (permissions: readonly string[]): Caller => ({
  kind: 'delegated',
  appId: APP,
  tenantId: APP,
  permissions,
  personal: false,
});

type Row = readonly [
  title: string,
  work: (text: string) => unknown,
  bytes: number,
  start: string,
  filler: string,
  end: string,
];

const QUERY_FILLERS = [
  "'",
  "''",
  '%27',
  '%2527',
  '%25',
  '%2525',
  '$it',
  '$it+',
  '+',
  '(',
  '/',
  '&',
  '=',
  'a=',
];
const EMAIL_FILLERS = [
  'a',
  'a.',
  '.',
  '-',
  'a-',
  '@',
  'a@',
  '"',
  '\\',
  '\\"',
  '0',
  ' ',
  '\u00e9',
  '1.',
  '[',
  '"@',
  '" ',
  '\u3000',
];

/** Parses `text` as the body of a create and of an update. */
const body = (text: string) => {
  const input = parseJson(Buffer.from(text));
  for (const parse of [parseCustomer, parseCustomerChanges]) {
    try {
      parse(input);
    } catch {
      // A refusal is fine; only the time counts.
    }
  }
};
/** The same with a different name for each member. */
const members = (text: string) => {
  let count = 0;
  body(text.replaceAll('?', () => String((count += 1))));
};

const ROWS: readonly Row[] = [
  ...['$filter', '$orderby', '$expand', '$select', '$search', 'other'].flatMap((option) =>
    QUERY_FILLERS.flatMap((filler): Row[] => [
      ['a query', readQueryOptions, HEADER_BYTES, `${option}=`, filler, ''],
      ['a query', readQueryOptions, HEADER_BYTES, `${option}='`, filler, '%27/'],
    ]),
  ),
  ['a query', readQueryOptions, HEADER_BYTES, '', '%24', '=1'],
  ...EMAIL_FILLERS.flatMap((filler): Row[] => [
    [
      'emailAddress',
      body,
      BODY_BYTES,
      '{"displayName":"x","emailAddress":"',
      filler.replaceAll(/["\\]/g, '\\$&'),
      '@x.com"}',
    ],
    [
      'emailAddress',
      body,
      BODY_BYTES,
      '{"displayName":"x","emailAddress":"x@',
      filler.replaceAll(/["\\]/g, '\\$&'),
      '"}',
    ],
    // An address of the maximal length is validated in full.
    [
      'emailAddress',
      (text) => {
        eachAddress(text, filler);
      },
      4096,
      '',
      'x'.repeat(254),
      '',
    ],
  ]),
  ['displayName', body, BODY_BYTES, '{"displayName":"', ' ', '"}'],
  ['displayName', body, BODY_BYTES, '{"displayName":"', '\\u200b', '"}'],
  ['unknown names', members, BODY_BYTES, '{', '"u?":1,', '"displayName":"x"}'],
  ['annotations', members, BODY_BYTES, '{', '"@odata.?":1,', '"displayName":"x"}'],
  ['control information', members, BODY_BYTES, '{', '"?@odata.x":"\\ud83d",', '"displayName":"x"}'],
  ['control information', body, BODY_BYTES, '{"displayName":"x","', 'a', '@odata.x":1}'],
  ['control information', body, BODY_BYTES, '{"displayName":"x","', '@odata', '.x":1}'],
  [
    'control information',
    body,
    BODY_BYTES,
    '{"displayName":"x","@odata.x":["',
    '","',
    '\\ud83d"]}',
  ],
  ...['e', '\u0301', '\u0301\u0316', 'e\u0301\u0316', '\u1100\u1161\u11a8', '\u00e9'].map(
    (filler): Row => ['a text to compare', inNormalForm, 8 * BODY_BYTES, 'e', filler, 'x'],
  ),
  ['a long name', body, BODY_BYTES, '{"', '\\u0001', '":1}'],
  [
    'names in an item',
    members,
    BODY_BYTES,
    '{"displayName":"x","phones":[{',
    '"u?":1,',
    '"a":1}]}',
  ],
  ['many items', body, BODY_BYTES, '{"displayName":"x","addresses":[', '{},', '{}]}'],
  ['many items with names', body, BODY_BYTES, '{"displayName":"x","phones":[', '{"u":1},', '1]}'],
  ...['{', '[', '"', '\\"', '{"a":', '[[]', '\\'].flatMap((filler): Row[] => [
    ['levels', (text) => isDeeperThan(text, 32), BODY_BYTES, '', filler, ''],
    ['levels', (text) => isDeeperThan(text, 32), BODY_BYTES, `${'[]'.repeat(40)}"`, filler, ''],
  ]),
  ...['a', '*', '@', '.', 'A', '\u00e9', '%', '!'].flatMap((filler): Row[] => [
    ['a business', isBusinessId, HEADER_BYTES, '', filler, ' '],
    ['a business', foldBusinessId, HEADER_BYTES, '', filler, ' '],
    ['a business', encodedSegment, HEADER_BYTES, '', filler, ''],
    [
      'access',
      (text) => access.reaches(APP, text, 'getCustomer'),
      HEADER_BYTES,
      '',
      filler,
      '@contoso.com',
    ],
  ]),
  ['scp', (text) => permits(caller(text.split(' ')), 'createCustomer'), HEADER_BYTES, '', 'a ', ''],
];

/** Validates one address for each 254 characters of `text`. */
function eachAddress(text: string, filler: string): void {
  const local = filler.repeat(254).slice(0, 120);
  for (let at = 0; at < text.length; at += 254) {
    for (const address of [`${local}@${local}.com`, `"${local}"@x.com`, `a@[${local}]`]) {
      body(JSON.stringify({ displayName: 'x', emailAddress: address }));
    }
  }
}

describe('input of a caller', () => {
  it.each(ROWS.map(([title, work, bytes, ...text]) => [title, ...text, bytes, work] as const))(
    'is processed in linear time: %s, %j %j %j',
    (_title, start, filler, end, bytes, work) => {
      for (const times of [1, 4, 16]) {
        const count = Math.ceil((bytes * times) / filler.length);
        const text = `${start}${filler.repeat(count)}${end}`;
        const before = process.cpuUsage();
        try {
          work(text);
        } catch {
          // A refusal is fine; only the time counts.
        }
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / 1000).toBeLessThan(MAX_CPU_MS);
      }
    },
  );
});
