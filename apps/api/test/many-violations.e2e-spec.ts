import { beforeAll, describe, expect, it } from '@jest/globals';
import { customersPath } from './documented.ts';
import { useStack } from './stack.ts';

const stack = useStack();
let path: string;
beforeAll(async () => {
  path = `${customersPath()}/${String((await stack.create()).body['id'])}`;
});

/** JSON members with unknown names that take up `bytes` in total. */
function unknownNames(bytes: number): string[] {
  const names: string[] = [];
  for (let length = 0; length < bytes; length += (names.at(-1)?.length ?? 0) + 1) {
    names.push(`"u${names.length.toString(36)}":1`);
  }
  return names;
}

const DETAILS = 100;
const names = unknownNames(61_000);
const stranger = `{${names.slice(0, 4000).join(',')}}`;

const BODIES: readonly (readonly [string, string, number])[] = [
  ['unknown properties', `{"displayName":"x",${names.join(',')}}`, names.length],
  ['an address with unknown properties', `{"displayName":"x","addresses":[${stranger}]}`, 4000],
  ['a list of 20,000 phones', `{"displayName":"x","phones":[${Array(20_000).fill(1).join()}]}`, 1],
  ['101 violations', `{"displayName":"x",${names.slice(0, 101).join(',')}}`, 101],
  ['100 violations', `{"displayName":"x",${names.slice(0, 100).join(',')}}`, 100],
];

describe('a body with many violations', () => {
  it.each(BODIES)(
    'gets at most a hundred details and the number of violations: %s',
    async (_title, body, count) => {
      const responses = [
        await stack.create({ body }),
        await stack.request('PATCH', path, { body }),
        await partResponse(body),
      ];
      const message =
        count > DETAILS
          ? `The request body breaks ${count} rules; the first ${DETAILS} are in details.`
          : `The request body breaks ${count === 1 ? 'one rule' : `${count} rules`}; see details.`;
      for (const { status, error } of responses) {
        expect([status, error['message']]).toEqual([400, message]);
        expect(error['details']).toHaveLength(Math.min(count, DETAILS));
        expect(JSON.stringify(error).length).toBeLessThan(40_000);
      }
    },
  );

  it('gets at most a hundred details of an error of Graph', async () => {
    const details = Array.from({ length: 4000 }, () => ({ code: 'x', message: 'y' }));
    const body = { error: { code: 'x', message: 'y', details } };
    stack.fake.script([{ kind: 'status', status: 400, body }]);
    const { error } = await stack.create();
    expect(error['details']).toHaveLength(DETAILS);
  });
});

/** Sends a create in a batch. The batch must not exceed the size limit of a body. */
async function partResponse(body: string) {
  const url = customersPath();
  const headers = { 'Content-Type': 'application/json' };
  const part = `{"id":"1","method":"POST","url":"${url}","headers":${JSON.stringify(headers)},"body":${body}}`;
  const { body: batch } = await stack.request('POST', '/v1.0/$batch', {
    body: `{"requests":[${part}]}`,
  });
  const [response] = batch['responses'] as { status: number; body: { error: object } }[];
  return {
    status: response?.status,
    error: { ...response?.body.error } as Record<string, unknown>,
  };
}
