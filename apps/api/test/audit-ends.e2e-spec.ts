import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATIONS, OPERATION_NAMES, type WriteOperation, isWrite } from '@bookings/domain';
import type { Fault } from '@bookings/graph-fake';
import { AuditFolder } from './audit-folder.ts';
import { BUSINESS, DOCUMENTED_REQUEST, Stack, customersPath } from './stack.ts';

// Attempts are short, so that what must time out does so soon.
const QUICK = { GRAPH_ATTEMPT_TIMEOUT_MS: '200', GRAPH_DEADLINE_MS: '3000' };
/** Made behind the back of the proxy, so that there is nothing of it in the audit. */
const CUSTOMER = { displayName: 'Joni Sherman', emailAddress: '', addresses: [], phones: [] };
const APP = '22222222-3333-4444-8555-666666666666';
const USER = '33333333-4444-4555-8666-777777777777';

let folder: AuditFolder;
let stack: Stack;
beforeAll(async () => {
  folder = await AuditFolder.make();
  stack = await Stack.start({ ...QUICK, AUDIT_FILE: folder.file });
});
afterAll(async () => {
  await stack.stop();
  await folder.remove();
});
beforeEach(async () => {
  stack.fake.forget();
  await folder.forget();
});

const graphError = (code: string) => ({ error: { code, message: 'x' } });
const answers = (status: number, code: string, more: object = {}): Fault => ({
  kind: 'status',
  status,
  body: graphError(code),
  headers: { 'Retry-After': '0' },
  ...more,
});
const lost = (times: number): Fault => ({ kind: 'reset', when: 'before-stored', times });
const silent: Fault = { kind: 'silence', when: 'before-stored', times: 9 };

const BODIES: Readonly<Record<WriteOperation, string | undefined>> = {
  createCustomer: DOCUMENTED_REQUEST,
  updateCustomer: '{"displayName":"Adele Vance"}',
  deleteCustomer: undefined,
};
const WRITES = OPERATION_NAMES.filter(isWrite).map((operation) => {
  const { method, path, successStatus } = OPERATIONS[operation];
  const segment = path.endsWith('/{customer}') ? '/{id}' : '';
  return [operation, method, segment, BODIES[operation], successStatus] as const;
});

/** How a write ends. */
interface End {
  readonly faults: readonly Fault[];
  readonly outcome: 'done' | 'refused' | 'not-sent' | 'unknown';
  /** That of a success where nothing is said. */
  readonly status?: number;
  readonly code?: string;
  readonly attempts: number;
  /** Of a delete, which is sent again where others are not. */
  readonly deletes?: number;
}

const ENDS: readonly (readonly [string, End])[] = [
  ['done', { faults: [], outcome: 'done', attempts: 1 }],
  ['done after 429', { faults: [answers(429, 'TooManyRequests')], outcome: 'done', attempts: 2 }],
  [
    'refused by Graph',
    {
      faults: [answers(403, 'ErrorAccessDenied')],
      outcome: 'refused',
      status: 403,
      code: 'ErrorAccessDenied',
      attempts: 1,
    },
  ],
  [
    'throttled to the last attempt',
    {
      faults: [answers(429, 'TooManyRequests', { times: 9 })],
      outcome: 'refused',
      status: 429,
      code: 'TooManyRequests',
      attempts: 3,
    },
  ],
  [
    'not sent, as Graph refused the proxy',
    {
      faults: [answers(401, 'InvalidAuthenticationToken')],
      outcome: 'not-sent',
      status: 502,
      code: 'BadGateway',
      attempts: 1,
    },
  ],
  [
    'unknown after a failure of Graph',
    {
      faults: [answers(500, 'UnknownError', { times: 9 })],
      outcome: 'unknown',
      status: 500,
      code: 'UnknownError',
      attempts: 1,
    },
  ],
  [
    'unknown after a reset',
    {
      faults: [lost(9)],
      outcome: 'unknown',
      status: 502,
      code: 'BadGateway',
      attempts: 1,
      deletes: 3,
    },
  ],
  [
    'unknown after silence',
    {
      faults: [silent],
      outcome: 'unknown',
      status: 504,
      code: 'GatewayTimeout',
      attempts: 1,
      deletes: 3,
    },
  ],
];

describe('how a write ends, in the audit', () => {
  describe.each(WRITES)('%s', (operation, method, path, body, success) => {
    it.each(ENDS)('has its intent and that it was %s', async (_title, end) => {
      const { id } = stack.fake.add(BUSINESS, CUSTOMER);
      stack.fake.script(end.faults);
      const token = await stack.fake.issueToken({
        scopes: ['Bookings.Manage.All'],
        appId: APP,
        objectId: USER,
      });
      const answer = await stack.ask(method, `${customersPath()}${path.replace('{id}', id)}`, {
        token,
        ...(body !== undefined && { body }),
      });
      expect(answer.status).toBe(end.status ?? success);
      const [intent, outcome, ...more] = await folder.records();
      expect(more).toEqual([]);
      const named = operation === 'createCustomer' ? undefined : id;
      const write = {
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/) as unknown,
        auditId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
        operation,
        tokenKind: 'delegated',
        appId: APP,
        tenantId: stack.fake.tenantId,
        objectId: USER,
        business: BUSINESS,
        customerId: named,
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
        clientRequestId: answer.headers.get('client-request-id'),
      };
      expect(intent).toEqual({ ...write, record: 'intent' });
      expect(outcome).toEqual({
        ...write,
        record: 'outcome',
        auditId: intent?.['auditId'],
        customerId: named ?? answer.body['id'],
        requestId: answer.headers.get('request-id'),
        outcome: end.outcome,
        status: answer.status,
        code: end.code,
        attempts: operation === 'deleteCustomer' ? (end.deletes ?? end.attempts) : end.attempts,
      });
    });
  });
});
