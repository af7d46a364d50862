import { beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATIONS, OPERATION_NAMES, type WriteOperation, isWrite } from '@bookings/domain';
import type { Fault } from '@bookings/graph-fake';
import { AuditFolder } from './audit-folder.ts';
import { BUSINESS, customersPath, DOCUMENTED_REQUEST, STORED_CUSTOMER } from './documented.ts';
import { NO_LINGER, graphError, respond, resetBefore, silenceBefore } from './faults.ts';
import { useStack } from './stack.ts';

/** Short timeouts, so that tests of timeouts are quick. */
const QUICK = { ...NO_LINGER, GRAPH_ATTEMPT_TIMEOUT_MS: '1000', GRAPH_DEADLINE_MS: '9000' };
const APP = '22222222-3333-4444-8555-666666666666';
const USER = '33333333-4444-4555-8666-777777777777';

const folder = new AuditFolder();
const stack = useStack({ ...QUICK, AUDIT_FILE: folder.file });
beforeEach(() => folder.clear());

const fail = (status: number, code: string, times = 1): Fault =>
  respond(status, graphError(code), { headers: { 'Retry-After': '0' }, times });

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

/** The faults during a write, and its expected outcome. */
interface End {
  readonly faults: readonly Fault[];
  readonly outcome: 'done' | 'refused' | 'not-sent' | 'unknown';
  /** Default: the success status of the operation. */
  readonly status?: number;
  readonly code?: string;
  readonly attempts: number;
  /** Number of attempts for DELETE, which is retried more often. */
  readonly deletes?: number;
}

const ENDS: readonly (readonly [string, End])[] = [
  ['done', { faults: [], outcome: 'done', attempts: 1 }],
  ['done after 429', { faults: [fail(429, 'TooManyRequests')], outcome: 'done', attempts: 2 }],
  [
    'refused by Graph',
    {
      faults: [fail(403, 'ErrorAccessDenied')],
      outcome: 'refused',
      status: 403,
      code: 'ErrorAccessDenied',
      attempts: 1,
    },
  ],
  [
    'throttled until the last attempt',
    {
      faults: [fail(429, 'TooManyRequests', 9)],
      outcome: 'refused',
      status: 429,
      code: 'TooManyRequests',
      attempts: 3,
    },
  ],
  [
    'not sent, because Graph refused the token of the proxy',
    {
      faults: [fail(401, 'InvalidAuthenticationToken')],
      outcome: 'not-sent',
      status: 502,
      code: 'BadGateway',
      attempts: 1,
    },
  ],
  [
    'unknown after an error of Graph',
    {
      faults: [fail(500, 'UnknownError', 9)],
      outcome: 'unknown',
      status: 500,
      code: 'UnknownError',
      attempts: 1,
    },
  ],
  [
    'unknown after a reset',
    {
      faults: [resetBefore(9)],
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
      faults: [silenceBefore(9)],
      outcome: 'unknown',
      status: 504,
      code: 'GatewayTimeout',
      attempts: 1,
      deletes: 3,
    },
  ],
];

describe('the audit of a write', () => {
  describe.each(WRITES)('%s', (operation, method, path, body, success) => {
    it.each(ENDS)('has an intent and an outcome: %s', async (_title, end) => {
      const { id } = stack.fake.add(BUSINESS, STORED_CUSTOMER);
      stack.fake.script(end.faults);
      const token = await stack.fake.issueToken({
        scopes: ['Bookings.Manage.All'],
        appId: APP,
        objectId: USER,
      });
      const response = await stack.request(
        method,
        `${customersPath()}${path.replace('{id}', id)}`,
        {
          token,
          ...(body !== undefined && { body }),
        },
      );
      expect(response.status).toBe(end.status ?? success);
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
        clientRequestId: response.headers.get('client-request-id'),
      };
      expect(intent).toEqual({ ...write, record: 'intent' });
      expect(outcome).toEqual({
        ...write,
        record: 'outcome',
        auditId: intent?.['auditId'],
        customerId: named ?? response.body['id'],
        requestId: response.headers.get('request-id'),
        outcome: end.outcome,
        status: response.status,
        code: end.code,
        attempts: operation === 'deleteCustomer' ? (end.deletes ?? end.attempts) : end.attempts,
      });
    });
  });
});
