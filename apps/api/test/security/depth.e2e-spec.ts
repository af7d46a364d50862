import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BUSINESS, Stack, customersPath } from '../stack.ts';
import { answering } from './own-server.ts';

const DEEP = 1_000_000;
const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const objects = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start({ BODY_LIMIT_BYTES: '16777216' });
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

const part = (method: string, url: string, body?: string) =>
  `{"requests":[{"id":"1","method":"${method}","url":"${url}"${body === undefined ? '' : `,"headers":{"content-type":"application/json"},"body":${body}`}}]}`;
const CUSTOMERS = `/solutions/bookingBusinesses/${BUSINESS}/customers`;

describe('a body that is nested a million levels deep', () => {
  it.each<[string, string]>([
    ['lists', lists(DEEP)],
    ['objects', objects(DEEP)],
    ['a name', `{"displayName":${lists(DEEP)}}`],
    ['addresses', `{"displayName":"x","addresses":${lists(DEEP)}}`],
    ['an annotation', `{"displayName":"x","@odata.x":${lists(DEEP)}}`],
  ])('is refused as a customer: %s', async (_title, body) => {
    for (const answer of [
      await stack.create({ body }),
      await stack.ask('PATCH', `${customersPath()}/x`, { body }),
    ]) {
      expect([answer.status, answer.error['code']]).toEqual([400, 'BadRequest']);
      expect(answer.error['message']).toBe('The body is nested more than 32 levels deep.');
    }
    expect(stack.seen).toBe(0);
  });

  it.each<[string, string]>([
    ['as a whole', lists(DEEP)],
    ['in a part', part('POST', CUSTOMERS, lists(DEEP))],
    ['beside its parts', `{"x":${lists(DEEP)},"requests":[]}`],
  ])('is refused as a batch: %s', async (_title, body) => {
    const answer = await stack.ask('POST', '/v1.0/$batch', { body });
    expect([answer.status, answer.error['code']]).toEqual([400, 'BadRequest']);
    expect(stack.seen).toBe(0);
  });

  it('is refused as no JSON where it does not end', async () => {
    const answer = await stack.create({ body: '['.repeat(DEEP) });
    expect([answer.status, answer.error['code']]).toEqual([400, 'BadRequest']);
  });

  it('says what is wrong with one that is not too deep', async () => {
    const answer = await stack.create({ body: `{"displayName":${lists(31)}}` });
    expect(answer.error['details']).toMatchObject([{ target: 'displayName' }]);
  });
});

describe('an answer of Graph that is nested a million levels deep', () => {
  it.each<[string, number, string, string, number]>([
    ['a page around its list', 200, 'GET', `{"value":[],"x":${objects(DEEP)}}`, 502],
    ['a customer of a page', 200, 'GET', `{"value":[${lists(DEEP)}]}`, 502],
    ['a customer', 201, 'POST', `{"id":"x","x":${lists(DEEP)}}`, 502],
    [
      ...(['an error', 400, 'POST'] as const),
      `{"error":{"code":"x","message":"y","details":${lists(400_000)}}}`,
      400,
    ],
  ])('is not passed on, alone or in a batch: %s', async (_title, status, method, body, seen) => {
    const { alone, batch } = await answersTo(method, status, body);
    expect([alone.status, alone.innerError['origin']]).toEqual([seen, 'proxy']);
    expect(batch).toMatchObject([{ status: seen }]);
  });
});

/** What callers get when Graph answers so, alone and as the part of a batch. */
async function answersTo(method: string, status: number, body: string) {
  const graph = await answering({
    status,
    headers: { 'content-type': 'application/json' },
    body,
  });
  const other = await Stack.start({
    GRAPH_BASE_URL: graph.url,
    GRAPH_CREDENTIAL: 'access-token',
    GRAPH_ACCESS_TOKEN: 'x',
  });
  const sent = method === 'POST' ? '{"displayName":"x"}' : undefined;
  const alone = await other.ask(method, customersPath(), {
    ...(sent !== undefined && { body: sent }),
  });
  const batch = await other.ask('POST', '/v1.0/$batch', { body: part(method, CUSTOMERS, sent) });
  await other.stop();
  await graph.stop();
  expect(batch.status).toBe(200);
  return { alone, batch: batch.body['responses'] };
}
