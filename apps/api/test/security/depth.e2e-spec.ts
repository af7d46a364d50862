import { describe, expect, it } from '@jest/globals';
import { customersPath, relativePath } from '../documented.ts';
import { Stack, useStack } from '../stack.ts';
import { ReplyServer, graphAt } from './reply-server.ts';

const DEEP = 1_000_000;
const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const objects = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

const stack = useStack({ BODY_LIMIT_BYTES: '16777216' });

const part = (method: string, url: string, body?: string) =>
  `{"requests":[{"id":"1","method":"${method}","url":"${url}"${body === undefined ? '' : `,"headers":{"content-type":"application/json"},"body":${body}`}}]}`;
const CUSTOMERS = relativePath();

describe('a body that is nested a million levels deep', () => {
  it.each<[string, string]>([
    ['lists', lists(DEEP)],
    ['objects', objects(DEEP)],
    ['the display name', `{"displayName":${lists(DEEP)}}`],
    ['addresses', `{"displayName":"x","addresses":${lists(DEEP)}}`],
    ['an annotation', `{"displayName":"x","@odata.x":${lists(DEEP)}}`],
  ])('is refused as a customer: %s', async (_title, body) => {
    for (const response of [
      await stack.create({ body }),
      await stack.request('PATCH', `${customersPath()}/x`, { body }),
    ]) {
      expect([response.status, response.error['code']]).toEqual([400, 'BadRequest']);
      expect(response.error['message']).toBe('The body is nested more than 32 levels deep.');
    }
    expect(stack.graphRequests).toBe(0);
  });

  it.each<[string, string]>([
    ['as a whole', lists(DEEP)],
    ['in a part', part('POST', CUSTOMERS, lists(DEEP))],
    ['outside its parts', `{"x":${lists(DEEP)},"requests":[]}`],
  ])('is refused as a batch: %s', async (_title, body) => {
    const response = await stack.request('POST', '/v1.0/$batch', { body });
    expect([response.status, response.error['code']]).toEqual([400, 'BadRequest']);
    expect(stack.graphRequests).toBe(0);
  });

  it('is refused when it is incomplete', async () => {
    const response = await stack.create({ body: '['.repeat(DEEP) });
    expect([response.status, response.error['code']]).toEqual([400, 'BadRequest']);
  });

  it('gets details when it is not too deep', async () => {
    const response = await stack.create({ body: `{"displayName":${lists(31)}}` });
    expect(response.error['details']).toMatchObject([{ target: 'displayName' }]);
  });
});

describe('a response of Graph that is nested a million levels deep', () => {
  it.each<[string, number, string, string, number]>([
    ['a page outside its list', 200, 'GET', `{"value":[],"x":${objects(DEEP)}}`, 502],
    ['a customer in a page', 200, 'GET', `{"value":[${lists(DEEP)}]}`, 502],
    ['a customer', 201, 'POST', `{"id":"x","x":${lists(DEEP)}}`, 502],
    [
      ...(['an error', 400, 'POST'] as const),
      `{"error":{"code":"x","message":"y","details":${lists(400_000)}}}`,
      400,
    ],
  ])('is not forwarded, alone or in a batch: %s', async (_title, status, method, body, seen) => {
    const { alone, batch } = await responsesTo(method, status, body);
    expect([alone.status, alone.innerError['origin']]).toEqual([seen, 'proxy']);
    expect(batch).toMatchObject([{ status: seen }]);
  });
});

/** Sends a request alone and in a batch while Graph gives this response. */
async function responsesTo(method: string, status: number, body: string) {
  const headers = { 'content-type': 'application/json' };
  const graph = await ReplyServer.start({ status, headers, body });
  const other = await Stack.start(graphAt(graph.url));
  const sent = method === 'POST' ? '{"displayName":"x"}' : undefined;
  const alone = await other.request(method, customersPath(), {
    ...(sent !== undefined && { body: sent }),
  });
  const batch = await other.request('POST', '/v1.0/$batch', {
    body: part(method, CUSTOMERS, sent),
  });
  await other.stop();
  await graph.stop();
  expect(batch.status).toBe(200);
  return { alone, batch: batch.body['responses'] };
}
