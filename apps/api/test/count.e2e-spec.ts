import { describe, expect, it } from '@jest/globals';
import { checkCase, readers, refusedCallers, refusedOptions, repeated } from './cases.ts';
import { getPart, partsOf, sendBatch, statusesOf } from './batch-requests.ts';
import { customersPath, relativePath } from './documented.ts';
import { useStack } from './stack.ts';

const stack = useStack();

const PATH = '/$count';

describe('GET $count', () => {
  it('returns the number as text', async () => {
    const { text, headers } = await checkCase(stack, 'GET', {
      path: PATH,
      status: 200,
      graphPath: PATH,
    });
    expect(text.replace('\uFEFF', '')).toBe('1');
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    expect(stack.fake.requests().requests.at(-1)?.headers).toMatchObject({ accept: 'text/plain' });
  });

  it.each([
    ...refusedCallers(PATH),
    ...readers(PATH),
    ...refusedOptions(PATH),
    ...repeated(PATH, 200),
  ])('handles %s', async (_title, given) => {
    await checkCase(stack, 'GET', given);
  });

  it.each(['/%24count', '/$Count', '/$count/'])('is also available at %s', async (path) => {
    await checkCase(stack, 'GET', { path, status: 200, graphPath: PATH });
  });

  it.each(['', 'many', '-1', '1.5', '{}'])(
    'returns 502 when Graph responds with %j',
    async (body) => {
      const fault = { kind: 'status', status: 200, body, contentType: 'text/plain' } as const;
      const given = { path: PATH, faults: [fault], status: 502, code: 'BadGateway' };
      await checkCase(stack, 'GET', given);
    },
  );

  describe.each(['/$count', '/$Count', '/%24COUNT', '/%24%63ount', '/$count/', '/$count?$top=1'])(
    'at %s',
    (path) => {
      it.each(['DELETE', 'PATCH', 'POST', 'PUT'])('does not allow %s', async (method) => {
        const body = '{"displayName":"x"}';
        const options = method === 'DELETE' ? {} : { body };
        const response = await stack.request(method, `${customersPath()}${path}`, options);
        expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
        expect(response.error['message']).toContain('Allowed are GET, HEAD.');
        const [part] = partsOf(
          await sendBatch(stack, [{ id: 1, method, url: `${relativePath()}${path}` }]),
        );
        expect(part).toMatchObject({ id: '1', status: 405, headers: { Allow: 'GET, HEAD' } });
        expect(stack.graphRequests).toBe(0);
      });
    },
  );

  it('is not the customer with the key $count', async () => {
    const url = `${relativePath()}('$count')`;
    expect((await stack.request('DELETE', `/v1.0${url}`)).status).toBe(400);
    const parts = await sendBatch(stack, [{ id: '1', method: 'DELETE', url }, getPart('2', url)]);
    expect(statusesOf(parts)).toEqual([400, 400]);
  });
});
