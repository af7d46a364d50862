import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Stack, customersPath } from './stack.ts';

let stack: Stack;
let path: string;
beforeAll(async () => {
  stack = await Stack.start();
  path = `${customersPath()}/${String((await stack.create()).body['id'])}`;
});
afterAll(async () => {
  await stack.stop();
});

/** Members with unknown names, as many as fit `bytes`. */
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
  ['unknown names', `{"displayName":"x",${names.join(',')}}`, names.length],
  ['an address full of them', `{"displayName":"x","addresses":[${stranger}]}`, 4000],
  ['a list of 20,000 phones', `{"displayName":"x","phones":[${Array(20_000).fill(1).join()}]}`, 1],
  ['101 rules broken', `{"displayName":"x",${names.slice(0, 101).join(',')}}`, 101],
  ['100 rules broken', `{"displayName":"x",${names.slice(0, 100).join(',')}}`, 100],
];

describe('a body that breaks many rules', () => {
  it.each(BODIES)(
    'is answered with a hundred details at most and their number: %s',
    async (_title, body, count) => {
      const answers = [
        await stack.create({ body }),
        await stack.ask('PATCH', path, { body }),
        await partAnswer(body),
      ];
      const message =
        count > DETAILS
          ? `The request body breaks ${count} rules; the first ${DETAILS} are in details.`
          : `The request body breaks ${count === 1 ? 'one rule' : `${count} rules`}; see details.`;
      for (const { status, error } of answers) {
        expect([status, error['message']]).toEqual([400, message]);
        expect(error['details']).toHaveLength(Math.min(count, DETAILS));
        expect(JSON.stringify(error).length).toBeLessThan(40_000);
      }
    },
  );

  it("is answered with a hundred of Graph's details at most, too", async () => {
    const details = Array.from({ length: 4000 }, () => ({ code: 'x', message: 'y' }));
    const body = { error: { code: 'x', message: 'y', details } };
    stack.fake.script([{ kind: 'status', status: 400, body }]);
    const { error } = await stack.create();
    expect(error['details']).toHaveLength(DETAILS);
  });
});

/** A create in a batch; its envelope has to fit the limit of a body too. */
async function partAnswer(body: string) {
  const url = customersPath();
  const headers = { 'Content-Type': 'application/json' };
  const part = `{"id":"1","method":"POST","url":"${url}","headers":${JSON.stringify(headers)},"body":${body}}`;
  const { body: batch } = await stack.ask('POST', '/v1.0/$batch', {
    body: `{"requests":[${part}]}`,
  });
  const [response] = batch['responses'] as { status: number; body: { error: object } }[];
  return {
    status: response?.status,
    error: { ...response?.body.error } as Record<string, unknown>,
  };
}
