import { afterAll, beforeAll, beforeEach, describe, it } from '@jest/globals';
import { Stack } from '../stack.ts';
import {
  QUICK,
  type Rows,
  answers,
  badGateway,
  challenge,
  checkFaults,
  graphError,
  html,
  unknown,
} from './upstream-rows.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start(QUICK);
  await stack.create();
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

const ROWS: Rows = [
  // Graph's own errors pass through.
  [
    '400 of Graph',
    [answers(400, graphError('ErrorInvalidRequest', 'The request is invalid.'))],
    { status: 400, code: 'ErrorInvalidRequest' },
  ],
  [
    '403 of Graph',
    [answers(403, graphError('ErrorAccessDenied', 'Access to OData is disabled.'))],
    { status: 403, code: 'ErrorAccessDenied' },
  ],
  [
    '404 of Graph',
    [
      answers(
        404,
        graphError('ErrorFolderNotFound', 'The specified folder could not be found in the store.'),
      ),
    ],
    { status: 404, code: 'ErrorFolderNotFound' },
  ],
  [
    '408 of Graph',
    [answers(408, graphError('RequestTimeout', 'x'))],
    { status: 408, code: 'RequestTimeout', ...unknown },
  ],
  [
    '409 of Graph',
    [answers(409, graphError('Directory_ConcurrencyViolation', 'x'))],
    { status: 409, code: 'Directory_ConcurrencyViolation' },
  ],
  [
    '507 of Graph',
    [answers(507, graphError('quotaLimitReached', 'x'))],
    { status: 507, code: 'quotaLimitReached', ...unknown },
  ],
  [
    '500 with an empty code',
    [answers(500, graphError('', 'An error has occurred.'))],
    { status: 500, code: '', ...unknown },
  ],
  [
    '500 UnknownError without a message',
    [answers(500, graphError('UnknownError', ''))],
    { status: 500, code: 'UnknownError', ...unknown },
  ],
  [
    '503 with Retry-After',
    [answers(503, graphError('serviceNotAvailable', 'x'), { headers: { 'Retry-After': '0' } })],
    { status: 503, code: 'serviceNotAvailable', ...unknown },
  ],
  [
    '504 of Graph',
    [answers(504, graphError('UnknownError', ''))],
    { status: 504, code: 'UnknownError', ...unknown },
  ],
  [
    'an error without innerError',
    [answers(400, { error: { code: 'BadRequest', message: 'x' } })],
    { status: 400, code: 'BadRequest' },
  ],
  // What is not in Graph's shape.
  ['a web page as 404', [html(404)], { status: 404, code: 'UnknownError', coined: true }],
  ['an empty 418', [answers(418, '')], { status: 418, code: 'UnknownError', coined: true }],
  ['a web page as 500', [html(500)], { ...badGateway, ...unknown }],
  ['a web page as 503', [html(503)], { ...badGateway, ...unknown }],
  ['an error that is a string', [answers(500, { error: 'oops' })], { ...badGateway, ...unknown }],
  // The proxy's own identity.
  [
    '401 to the proxy',
    [answers(401, graphError('InvalidAuthenticationToken', 'x'))],
    { ...badGateway, outcome: 'not-sent' },
  ],
  [
    'a claims challenge to an application',
    [answers(401, graphError('InvalidAuthenticationToken', 'x'), { headers: challenge })],
    { ...badGateway, outcome: 'not-sent' },
  ],
  // A success that is none.
  ['201 without a body', [answers(201, '')], { ...badGateway, ...unknown }],
  ['201 with broken JSON', [answers(201, '{"id":"x"')], { ...badGateway, ...unknown }],
  ['201 without id', [answers(201, { displayName: 'x' })], { ...badGateway, ...unknown }],
  ['201 with an empty id', [answers(201, { id: '' })], { ...badGateway, ...unknown }],
  ['201 with a number as id', [answers(201, { id: 7 })], { ...badGateway, ...unknown }],
  ['201 with an array', [answers(201, '[{"id":"x"}]')], { ...badGateway, ...unknown }],
  ['201 with a web page', [html(201)], { ...badGateway, ...unknown }],
  [
    '201 compressed without being asked',
    [answers(201, { id: 'x' }, { headers: { 'Content-Encoding': 'gzip' } })],
    { ...badGateway, ...unknown },
  ],
  ['204', [answers(204)], { ...badGateway, ...unknown }],
  ['202', [answers(202, { id: 'x' })], { ...badGateway, ...unknown }],
  [
    'a redirect',
    [answers(307, '', { headers: { Location: 'http://127.0.0.1:1/' } })],
    { ...badGateway, ...unknown },
  ],
  [
    '201 with an id that no address can hold',
    [answers(201, '{"id":"\\ud800"}')],
    { ...badGateway, ...unknown },
  ],
  [
    'a status that there is not',
    [answers(700, graphError('x', 'x'))],
    { ...badGateway, ...unknown },
  ],
];

describe('what Graph can answer wrongly', () => {
  it.each(ROWS)('%s', async (_title, faults, expected) => {
    await checkFaults(stack, faults, expected);
  });
});
