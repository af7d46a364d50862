import { createPart, getPart } from '../batch-requests.ts';
import { relativePath } from '../documented.ts';
import { type Report, issue, pull } from './report.ts';

export interface BatchReport extends Report {
  readonly requests: readonly object[];
  /** The statuses of the parts; undefined when the batch is refused. */
  readonly statuses?: readonly number[];
  /** The ids of the responses, where they are not those of the requests. */
  readonly ids?: readonly string[];
  /** The target and a part of the message of the 400. */
  readonly refused?: readonly [target: string, message: string];
}

const PATH = relativePath();
const MESSAGE_ID = 'AAMkADU2ZmU2MTE3LTYxYWQtNGU0Mi05MmU0LWU1ZWFhNTM2NmM1YgAAF5Qt';
const body = { displayName: 'Joni Sherman' };
const SAME_ID = 'letter case does not count';

export const BATCHES: readonly BatchReport[] = [
  {
    source: issue('microsoftgraph/microsoft-graph-docs', 4449),
    input: 'the ids a and A',
    right: '400, as Graph answers',
    requests: [getPart('a'), getPart('A')],
    refused: ['requests[1]', SAME_ID],
  },
  {
    source: issue('microsoftgraph/msgraph-sdk-javascript', 433),
    input: 'long ids that differ in one letter case',
    right: '400, as Graph answers',
    requests: [getPart(`${MESSAGE_ID}gAAA=`), getPart(`${MESSAGE_ID}GAAA=`)],
    refused: ['requests[1]', SAME_ID],
  },
  {
    source: pull('microsoftgraph/msgraph-sdk-python-core', 996),
    input: 'depends_on instead of dependsOn',
    right: '400 that names it: otherwise the order is lost',
    requests: [createPart('0'), getPart('1', PATH, { depends_on: ['0'] })],
    refused: ['requests[1]', '"depends_on"'],
  },
  {
    source: issue('microsoftgraph/msgraph-sdk-dotnet-core', 891),
    input: 'a request before the one that it depends on',
    right: 'runs in the order of the dependencies',
    requests: [getPart('2', PATH, { dependsOn: ['1'] }), createPart('1', { body: {} })],
    statuses: [424, 400],
  },
  {
    source: issue('microsoftgraph/microsoft-graph-docs-contrib', 2339),
    input: 'two requests, then a third, then a fourth',
    right: 'runs in the order of the dependencies',
    requests: [
      getPart('1'),
      getPart('2', PATH, { dependsOn: ['1', '3'] }),
      getPart('3'),
      getPart('4', PATH, { dependsOn: ['2'] }),
    ],
    statuses: [200, 200, 200, 200],
  },
  {
    source: issue('microsoftgraph/microsoft-graph-docs', 1988),
    input: 'content-type in lower case',
    right: 'accepted: names of headers have no letter case',
    requests: [createPart('1', { headers: { 'content-type': 'application/json' } })],
    statuses: [201],
  },
  {
    source: issue('Softeria/ms-365-mcp-server', 677),
    input: 'a body without Content-Type',
    right: '415 for this request alone',
    requests: [{ id: '1', method: 'POST', url: PATH, body }, getPart('2')],
    statuses: [415, 200],
  },
  {
    source: issue('pnp/pnpjs', 1085),
    input: 'a body that is JSON within a string',
    right: '400 for this request alone',
    requests: [createPart('1', { body: JSON.stringify(body) }), getPart('2')],
    statuses: [400, 200],
  },
  {
    source: issue('microsoftgraph/msgraph-sdk-dotnet', 492),
    input: 'a backslash in an id',
    right: 'answered with it, in valid JSON',
    requests: [getPart('a\\b"c')],
    statuses: [200],
  },
  {
    source: pull('outmoded/bassmaster', 33),
    input: 'numbers as ids, and zero among them',
    right: 'accepted, and answered as strings',
    requests: [
      getPart('x', PATH, { id: 1, dependsOn: [0] }),
      getPart('x', PATH, { id: 0, dependsOn: null, headers: null }),
    ],
    statuses: [200, 200],
    ids: ['1', '0'],
  },
  {
    source: issue('microsoftgraph/msgraph-sdk-dotnet', 2628),
    input: 'a write without a body',
    right: 'answered by itself, not for the whole batch',
    requests: [{ id: '1', method: 'POST', url: PATH, headers: {} }, getPart('2')],
    statuses: [415, 200],
  },
];
