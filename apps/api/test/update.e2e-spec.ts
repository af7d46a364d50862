import { describe, expect, it } from '@jest/globals';
import { checkCase, readersRefused, refusedCallers } from './cases.ts';
import { BUSINESS, customersPath } from './documented.ts';
import { resetBefore } from './faults.ts';
import { useStack } from './stack.ts';

const stack = useStack();

const PATH = '/{id}';
const BODY = { displayName: 'Joni S.' };
const bad = (targets: readonly string[]) => ({
  status: 400,
  code: 'BadRequest',
  graphRequests: 0,
  targets,
});

describe('PATCH one customer', () => {
  it('changes only the given properties and returns the whole customer', async () => {
    const response = await checkCase(stack, 'PATCH', {
      path: PATH,
      body: BODY,
      status: 200,
      graphPath: PATH,
    });
    expect(response.body).toMatchObject({
      displayName: 'Joni S.',
      emailAddress: 'jonis@relecloud.com',
    });
    expect(stack.fake.customers(BUSINESS)).toHaveLength(1);
    const sent = JSON.parse(stack.fake.requests().requests.at(-1)?.body ?? '') as unknown;
    expect(sent).toEqual({ '@odata.type': '#microsoft.graph.bookingCustomer', ...BODY });
  });

  it('sends null as null', async () => {
    await checkCase(stack, 'PATCH', { path: PATH, body: { emailAddress: null }, status: 200 });
    const sent = JSON.parse(stack.fake.requests().requests.at(-1)?.body ?? '') as unknown;
    expect(sent).toEqual({ '@odata.type': '#microsoft.graph.bookingCustomer', emailAddress: null });
  });

  it.each([
    ['has no id', { displayName: 'Joni S.' }],
    ['has an id that is no text', { id: 1, displayName: 'Joni S.' }],
  ])('returns 502 when the customer that Graph answers %s', async (_title, body) => {
    stack.fake.script([{ kind: 'status', status: 200, body }]);
    const path = `${customersPath()}/x`;
    const update = await stack.request('PATCH', path, { body: JSON.stringify(BODY) });
    expect([update.status, update.error['code']]).toEqual([502, 'BadGateway']);
    expect(update.innerError['outcome']).toBe('unknown');
  });

  it.each(refusedCallers(PATH, BODY))('refuses %s', async (_title, given) => {
    await checkCase(stack, 'PATCH', given);
  });

  it.each(readersRefused(PATH, BODY))('refuses %s', async (_title, given) => {
    await checkCase(stack, 'PATCH', given);
  });

  it.each([
    ['an empty object', {}, bad([''])],
    ['only annotations', { '@odata.etag': 'x' }, bad([''])],
    ['a read-only property', { ...BODY, createdDateTime: 'x' }, bad(['createdDateTime'])],
    ['an id', { id: 'x' }, bad(['id'])],
    ['an unknown property', { ...BODY, noSuchProperty: 'x' }, bad(['noSuchProperty'])],
    ['no display name', { displayName: null }, bad(['displayName'])],
    [
      'two violations',
      { displayName: '', emailAddress: 'x' },
      bad(['displayName', 'emailAddress']),
    ],
    [
      'another @odata.type',
      { ...BODY, '@odata.type': '#microsoft.graph.user' },
      bad(['@odata.type']),
    ],
    ['a list', [], { status: 400, code: 'BadRequest', graphRequests: 0 }],
    ['truncated JSON', '{"displayName":', { status: 400, code: 'BadRequest', graphRequests: 0 }],
    ['no body', '', { status: 400, code: 'BadRequest', graphRequests: 0 }],
  ])('refuses %s', async (_title, body, given) => {
    await checkCase(stack, 'PATCH', { path: PATH, body, ...given });
  });

  it.each([
    [
      'query options',
      { path: '/{id}?$select=id', status: 400, code: 'BadRequest', graphRequests: 0 },
    ],
    [
      'an idempotency key',
      {
        path: PATH,
        headers: { 'idempotency-key': 'k' },
        status: 400,
        code: 'BadRequest',
        graphRequests: 0,
      },
    ],
    [
      'another media type',
      {
        path: PATH,
        headers: { 'content-type': 'text/plain' },
        status: 415,
        code: 'UnsupportedMediaType',
        graphRequests: 0,
      },
    ],
    ['an unknown customer', { path: '/unknown', status: 404, code: 'ErrorItemNotFound' }],
  ])('refuses %s', async (_title, given) => {
    await checkCase(stack, 'PATCH', { body: BODY, ...given });
  });

  it.each([
    ['a reset', resetBefore(), 502, 'BadGateway'],
    ['a truncated response', { kind: 'truncate' } as const, 502, 'BadGateway'],
    [
      '503',
      { kind: 'status', status: 503, headers: { 'Retry-After': '0' } } as const,
      502,
      'BadGateway',
    ],
    [
      'a response that is not JSON',
      { kind: 'answer-after-stored', status: 200, body: 'x', contentType: 'text/plain' } as const,
      502,
      'BadGateway',
    ],
  ])(
    'does not retry after %s and reports an unknown outcome',
    async (_title, fault, status, code) => {
      const unknown = { status, code, outcome: 'unknown' } as const;
      await checkCase(stack, 'PATCH', { path: PATH, body: BODY, faults: [fault], ...unknown });
    },
  );

  it('retries after 429', async () => {
    const faults = [{ kind: 'status', status: 429, headers: { 'Retry-After': '0' } }] as const;
    await checkCase(stack, 'PATCH', {
      path: PATH,
      body: BODY,
      faults,
      status: 200,
      graphRequests: 2,
    });
  });

  it('forwards If-Match and returns 412', async () => {
    const body = { error: { code: 'ErrorIrresolvableConflict', message: 'Changed.' } };
    const headers = { 'if-match': 'W/"1"' };
    const faults = [{ kind: 'status', status: 412, body }] as const;
    await checkCase(stack, 'PATCH', {
      path: PATH,
      body: BODY,
      headers,
      faults,
      status: 412,
      code: 'ErrorIrresolvableConflict',
    });
    expect(stack.fake.requests().requests.at(-1)?.headers).toMatchObject(headers);
  });
});
