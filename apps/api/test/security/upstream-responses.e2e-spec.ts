import { describe, it } from '@jest/globals';
import { graphError, respond } from '../faults.ts';
import {
  useQuickStack,
  type Rows,
  badGateway,
  challenge,
  checkFaults,
  html,
  unknown,
} from './upstream-rows.ts';

const stack = useQuickStack();

const ROWS: Rows = [
  // Errors of Graph are forwarded.
  [
    '400 of Graph',
    [respond(400, graphError('ErrorInvalidRequest', 'The request is invalid.'))],
    { status: 400, code: 'ErrorInvalidRequest' },
  ],
  [
    '403 of Graph',
    [respond(403, graphError('ErrorAccessDenied', 'Access to OData is disabled.'))],
    { status: 403, code: 'ErrorAccessDenied' },
  ],
  [
    '404 of Graph',
    [
      respond(
        404,
        graphError('ErrorFolderNotFound', 'The specified folder could not be found in the store.'),
      ),
    ],
    { status: 404, code: 'ErrorFolderNotFound' },
  ],
  [
    '408 of Graph',
    [respond(408, graphError('RequestTimeout', 'x'))],
    { status: 408, code: 'RequestTimeout', ...unknown },
  ],
  [
    '409 of Graph',
    [respond(409, graphError('Directory_ConcurrencyViolation', 'x'))],
    { status: 409, code: 'Directory_ConcurrencyViolation' },
  ],
  [
    '507 of Graph',
    [respond(507, graphError('quotaLimitReached', 'x'))],
    { status: 507, code: 'quotaLimitReached', ...unknown },
  ],
  [
    '500 with an empty code',
    [respond(500, graphError('', 'An error has occurred.'))],
    { status: 500, code: '', ...unknown },
  ],
  [
    '500 UnknownError without a message',
    [respond(500, graphError('UnknownError', ''))],
    { status: 500, code: 'UnknownError', ...unknown },
  ],
  [
    '503 with Retry-After',
    [respond(503, graphError('serviceNotAvailable', 'x'), { headers: { 'Retry-After': '0' } })],
    { status: 503, code: 'serviceNotAvailable', ...unknown },
  ],
  [
    '504 of Graph',
    [respond(504, graphError('UnknownError', ''))],
    { status: 504, code: 'UnknownError', ...unknown },
  ],
  [
    'an error without innerError',
    [respond(400, { error: { code: 'BadRequest', message: 'x' } })],
    { status: 400, code: 'BadRequest' },
  ],
  // Errors in another shape.
  ['a web page as 404', [html(404)], { status: 404, code: 'UnknownError', fromProxy: true }],
  ['an empty 418', [respond(418, '')], { status: 418, code: 'UnknownError', fromProxy: true }],
  ['a web page as 500', [html(500)], { ...badGateway, ...unknown }],
  ['a web page as 503', [html(503)], { ...badGateway, ...unknown }],
  ['an error that is a string', [respond(500, { error: 'oops' })], { ...badGateway, ...unknown }],
  // The credential of the proxy.
  [
    '401 to the proxy',
    [respond(401, graphError('InvalidAuthenticationToken', 'x'))],
    { ...badGateway, outcome: 'not-sent' },
  ],
  [
    'a claims challenge to an application',
    [respond(401, graphError('InvalidAuthenticationToken', 'x'), { headers: challenge })],
    { ...badGateway, outcome: 'not-sent' },
  ],
  // Invalid success responses.
  ['201 without a body', [respond(201, '')], { ...badGateway, ...unknown }],
  ['201 with broken JSON', [respond(201, '{"id":"x"')], { ...badGateway, ...unknown }],
  ['201 without id', [respond(201, { displayName: 'x' })], { ...badGateway, ...unknown }],
  ['201 with an empty id', [respond(201, { id: '' })], { ...badGateway, ...unknown }],
  ['201 with a number as id', [respond(201, { id: 7 })], { ...badGateway, ...unknown }],
  ['201 with an array', [respond(201, '[{"id":"x"}]')], { ...badGateway, ...unknown }],
  ['201 with a web page', [html(201)], { ...badGateway, ...unknown }],
  [
    '201 with a compressed body',
    [respond(201, { id: 'x' }, { headers: { 'Content-Encoding': 'gzip' } })],
    { ...badGateway, ...unknown },
  ],
  ['204', [respond(204)], { ...badGateway, ...unknown }],
  ['202', [respond(202, { id: 'x' })], { ...badGateway, ...unknown }],
  [
    'a redirect',
    [respond(307, '', { headers: { Location: 'http://127.0.0.1:1/' } })],
    { ...badGateway, ...unknown },
  ],
  [
    '201 with an id that no address can hold',
    [respond(201, '{"id":"\\ud800"}')],
    { ...badGateway, ...unknown },
  ],
  ['an invalid status', [respond(700, graphError('x', 'x'))], { ...badGateway, ...unknown }],
];

describe('a response of Graph', () => {
  it.each(ROWS)('%s', async (_title, faults, expected) => {
    await checkFaults(stack, faults, expected);
  });
});
