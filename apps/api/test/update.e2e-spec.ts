import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkCase, readersRefused, refusedCallers } from './cases.ts';
import { BUSINESS, Stack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

const PATH = '/{id}';
const BODY = { displayName: 'Joni S.' };
const bad = (targets: readonly string[]) => ({ status: 400, code: 'BadRequest', seen: 0, targets });

describe('PATCH one customer', () => {
  it('changes what it names, leaves the rest and answers with the whole', async () => {
    const answer = await checkCase(stack, 'PATCH', {
      path: PATH,
      body: BODY,
      status: 200,
      up: PATH,
    });
    expect(answer.body).toMatchObject({
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

  it.each(refusedCallers(PATH, BODY))('refuses %s', async (_title, given) => {
    await checkCase(stack, 'PATCH', given);
  });

  it.each(readersRefused(PATH, BODY))('refuses %s', async (_title, given) => {
    await checkCase(stack, 'PATCH', given);
  });

  it.each([
    ['nothing', {}, bad([''])],
    ['annotations alone', { '@odata.etag': 'x' }, bad([''])],
    ['what only Graph sets', { ...BODY, createdDateTime: 'x' }, bad(['createdDateTime'])],
    ['an id', { id: 'x' }, bad(['id'])],
    ['what no customer has', { ...BODY, nickname: 'x' }, bad(['nickname'])],
    ['no name', { displayName: null }, bad(['displayName'])],
    [
      'two broken rules',
      { displayName: '', emailAddress: 'x' },
      bad(['displayName', 'emailAddress']),
    ],
    ['another type', { ...BODY, '@odata.type': '#microsoft.graph.user' }, bad(['@odata.type'])],
    ['a list', [], { status: 400, code: 'BadRequest', seen: 0 }],
    ['half a body', '{"displayName":', { status: 400, code: 'BadRequest', seen: 0 }],
    ['no body', '', { status: 400, code: 'BadRequest', seen: 0 }],
  ])('refuses %s', async (_title, body, given) => {
    await checkCase(stack, 'PATCH', { path: PATH, body, ...given });
  });

  it.each([
    ['query options', { path: '/{id}?$select=id', status: 400, code: 'BadRequest', seen: 0 }],
    [
      'an idempotency key',
      { path: PATH, headers: { 'idempotency-key': 'k' }, status: 400, code: 'BadRequest', seen: 0 },
    ],
    [
      'another media type',
      {
        path: PATH,
        headers: { 'content-type': 'text/plain' },
        status: 415,
        code: 'UnsupportedMediaType',
        seen: 0,
      },
    ],
    ['nobody', { path: '/nobody', status: 404, code: 'ErrorItemNotFound' }],
  ])('refuses %s', async (_title, given) => {
    await checkCase(stack, 'PATCH', { body: BODY, ...given });
  });

  it.each([
    ['a reset', { kind: 'reset', when: 'before-stored' } as const, 502, 'BadGateway'],
    ['half an answer', { kind: 'truncate' } as const, 502, 'BadGateway'],
    [
      '503',
      { kind: 'status', status: 503, headers: { 'Retry-After': '0' } } as const,
      502,
      'BadGateway',
    ],
    [
      'an unreadable answer',
      { kind: 'answer-after-stored', status: 200, body: 'x', contentType: 'text/plain' } as const,
      502,
      'BadGateway',
    ],
  ])(
    'does not send again after %s, and says that it cannot know',
    async (_title, fault, status, code) => {
      const unknown = { status, code, outcome: 'unknown' } as const;
      await checkCase(stack, 'PATCH', { path: PATH, body: BODY, faults: [fault], ...unknown });
    },
  );

  it('sends again after 429', async () => {
    const faults = [{ kind: 'status', status: 429, headers: { 'Retry-After': '0' } }] as const;
    await checkCase(stack, 'PATCH', { path: PATH, body: BODY, faults, status: 200, seen: 2 });
  });

  it('hands If-Match up and 412 back', async () => {
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
