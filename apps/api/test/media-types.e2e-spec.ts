import { beforeEach, describe, expect, it } from '@jest/globals';
import { isObject } from '@bookings/domain';
import { customersPath } from './documented.ts';
import { useStack } from './stack.ts';

// Contracts compare media types without their parameters, so these tests hold the parameters.

const stack = useStack();
let id: string;
beforeEach(async () => {
  id = String((await stack.create()).body['id']);
});

/** What Graph was seen to send. */
const OF_GRAPH = ';odata.streaming=true;IEEE754Compatible=false;charset=utf-8';
const MINIMAL = `application/json;odata.metadata=minimal${OF_GRAPH}`;
const NONE = `application/json;odata.metadata=none${OF_GRAPH}`;
const ACCEPT_NONE = 'application/json;odata.metadata=none;IEEE754Compatible=true';

const create = (headers: Record<string, string> = {}) => stack.create({ headers });
const get = (headers: Record<string, string> = {}) =>
  stack.request('GET', `${customersPath()}/${id}`, { headers });
const list = (headers: Record<string, string> = {}) =>
  stack.request('GET', customersPath(), { headers });
const update = (headers: Record<string, string> = {}) =>
  stack.request('PATCH', `${customersPath()}/${id}`, { headers, body: '{"displayName":"Joni"}' });
const WITH_CUSTOMERS = [
  ['a create', create],
  ['a customer', get],
  ['a list', list],
  ['an update', update],
] as const;

describe('the media type of a response', () => {
  it.each(WITH_CUSTOMERS)('has the parameters of Graph for %s', async (_what, send) => {
    expect((await send()).headers.get('content-type')).toBe(MINIMAL);
  });

  it.each(WITH_CUSTOMERS)(
    'says that %s has no metadata where none was asked for',
    async (_what, send) => {
      const { headers, body } = await send({ accept: ACCEPT_NONE });
      expect(headers.get('content-type')).toBe(NONE);
      const { value } = body;
      const entities = Array.isArray(value) ? value.filter(isObject) : [body];
      expect(entities[0]).toHaveProperty('id');
      expect(entities.flatMap(Object.keys).filter((name) => name.startsWith('@'))).toEqual([]);
    },
  );

  it('has no parameters for an error and for a count', async () => {
    const missing = await stack.request('GET', `${customersPath()}/missing`);
    const refused = await stack.create({ body: '{}' });
    const count = await stack.request('GET', `${customersPath()}/$count`);
    const types = [missing, refused, count].map(({ headers }) => headers.get('content-type'));
    expect(types).toEqual(['application/json', 'application/json', 'text/plain']);
  });

  it('is that of the first response in a repeat of a create', async () => {
    const first = await create({ 'idempotency-key': 'media-type', accept: ACCEPT_NONE });
    const repeated = await create({ 'idempotency-key': 'media-type' });
    expect(repeated.headers.get('idempotent-replayed')).toBe('true');
    expect(repeated.headers.get('content-type')).toBe(NONE);
    expect(repeated.text).toBe(first.text);
  });
});

describe('the media types of a request to Graph', () => {
  it.each([
    ['application/json', 'application/json'],
    ['application/json; charset=utf-8', 'application/json;odata.metadata=full'],
    ['application/json;IEEE754Compatible=true', ACCEPT_NONE],
    ['application/json;odata.metadata=none;charset="UTF-8"', 'application/json'],
  ])('are JSON for a body in %s, and what the caller accepts: %s', async (type, accept) => {
    stack.fake.forget();
    expect((await create({ 'content-type': type, accept })).status).toBe(201);
    const [request] = stack.fake.requests().requests;
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', accept });
  });
});
