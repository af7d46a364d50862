import type { Fault } from '@bookings/graph-fake';
import { graphError, resetAfter, respond } from '../faults.ts';
import { type Report, issue, pull } from './report.ts';

export interface RepeatReport extends Report {
  /** What Graph does to the creates, in order. */
  readonly faults: readonly Fault[];
  /** The headers of the repeats. */
  readonly headers?: Record<string, string>;
  /** The statuses of the repeats. */
  readonly statuses: readonly number[];
  readonly customers: number;
}

const stored = (status: number, code: string): Fault => ({
  kind: 'answer-after-stored',
  status,
  body: graphError(code),
});
const ID = '0453ca94-5026-4fa0-aeee-ea38de69cfd5';

/** Creates without a key whose answer said that they failed. */
export const REPEATS: readonly RepeatReport[] = [
  {
    source: pull('microsoftgraph/msgraph-sdk-design', 2),
    input: '504 without Retry-After, which the SDKs repeat',
    right: 'the repeat is sent, because nothing was stored',
    faults: [respond(504, graphError('UnknownError'))],
    statuses: [201],
    customers: 1,
  },
  {
    source: issue('microsoftgraph/microsoft-graph-docs-contrib', 8324),
    input: '504 to the first POST, although it was carried out',
    right: 'the repeat gets the customer of the first',
    faults: [stored(504, 'UnknownError')],
    statuses: [201],
    customers: 1,
  },
  {
    source: pull('intuitem/ciso-assistant-community', 4834),
    input: '504 although it was carried out, and then four more attempts',
    right: 'one customer, and each repeat gets it',
    faults: [stored(504, 'UnknownError')],
    statuses: [201, 201, 201, 201],
    customers: 1,
  },
  {
    source: pull('simstudioai/sim', 6041),
    input: 'a 5xx after the write was accepted',
    right: 'the repeat gets the customer of the first',
    faults: [stored(500, 'InternalServerError')],
    statuses: [201],
    customers: 1,
  },
  {
    source: pull('simstudioai/sim', 6041),
    input: '429, with which Graph did nothing, and a repeat before its time',
    right: '429, and nothing is sent',
    faults: [respond(429, graphError('TooManyRequests'), { headers: { 'Retry-After': '30' } })],
    statuses: [429],
    customers: 0,
  },
  {
    source: pull('simstudioai/sim', 6041),
    input: '429, with which Graph did nothing, and no time to wait for',
    right: 'the repeat is sent',
    faults: Array.from({ length: 3 }, () => respond(429, graphError('TooManyRequests'))),
    statuses: [201],
    customers: 1,
  },
  {
    source: pull('rocketride-org/rocketride-server', 2057),
    input: 'a connection that drops after the POST was applied',
    right: 'the repeat gets the customer of the first',
    faults: [resetAfter()],
    statuses: [201],
    customers: 1,
  },
  {
    source: issue('microsoftgraph/msgraph-sdk-dotnet', 435),
    input: 'a repeat that has lost its Content-Type',
    right: '415, and nothing is sent',
    faults: [respond(429, graphError('TooManyRequests'), { headers: { 'Retry-After': '30' } })],
    headers: { 'content-type': '' },
    statuses: [415],
    customers: 0,
  },
  {
    source: issue('Azure/azure-sdk-for-net', 8920),
    input: 'a repeat with its client-request-id twice in one header',
    right: 'it counts as none, and the repeat gets the customer of the first',
    faults: [stored(503, 'ServiceUnavailable')],
    headers: { 'client-request-id': `${ID}, ${ID}` },
    statuses: [201],
    customers: 1,
  },
];

export interface KeyReport extends Report {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** A part of the message of the 400. */
  readonly refused: string;
}

const RIGHT_NAME = 'takes its key in Idempotency-Key';
const otherName = (source: string, name: string): KeyReport => ({
  source,
  input: name,
  right: '400 that names the right header: it would be ignored',
  headers: [[name, 'a-key']],
  refused: RIGHT_NAME,
});

/** Headers with which callers believe that a create happens once. */
export const KEYS: readonly KeyReport[] = [
  otherName(issue('xendit/xendit-java', 43), 'X-IDEMPOTENCY-KEY'),
  otherName(pull('stone-co/stone-api-docs', 266), 'x-stone-idempotency-key'),
  otherName(pull('SPSCommerce/sps-api-standards', 98), 'Sps-Idempotency-Key'),
  otherName(pull('AdobeDocs/analytics-2.0-apis', 297), 'idempotency_key'),
  otherName(issue('Azure/autorest.python', 1142), 'Repeatability-Request-ID'),
  {
    source: issue('grimurrash/test-task2', 73),
    input: 'the right header twice',
    right: '400: only one would count',
    headers: [
      ['Idempotency-Key', 'a-key'],
      ['Idempotency-Key', 'a-key'],
    ],
    refused: 'one Idempotency-Key header',
  },
];
