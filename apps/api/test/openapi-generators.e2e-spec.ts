import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@hey-api/openapi-ts';
import openapiTS, { astToString } from 'openapi-typescript';
import { useStack } from './stack.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { faultsOf } from './typescript-program.ts';

/** The client of @hey-api/openapi-ts itself does not compile with these. */
const STRICTEST = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };

const stack = useStack();
let text: string;
beforeAll(async () => {
  ({ text } = await stack.get('/openapi.json'));
});

/** What callers write with the types of openapi-typescript, without a cast. */
const WITH_TYPES = `
import type { components, operations } from './types.ts';

type Success<Name extends keyof operations, Status extends keyof operations[Name]['responses']> =
  operations[Name]['responses'][Status] extends { content: { 'application/json': infer Body } } ? Body : never;

declare const created: Success<'createCustomer', 201>;
declare const got: Success<'getCustomer', 200>;
declare const page: Success<'listCustomers', 200>;
export const ids: string[] = [created.id, got.id, ...page.value.map(({ id }) => id)];

declare const count: operations['countCustomers']['responses'][200]['content']['text/plain'];
export const digits: string = count;

export const batch: components['schemas']['BatchRequests'] = {
  requests: [
    { id: '1', method: 'POST', url: '/solutions', body: { displayName: 'Joni Sherman' } },
    { id: '2', method: 'PATCH', url: '/solutions', body: { emailAddress: null } },
    { id: '3', method: 'DELETE', url: '/solutions' },
  ],
};

declare const failure: components['schemas']['GraphError'];
export const cause: Error = new Error(failure.error.code);
`;

/** What callers write with the client of @hey-api/openapi-ts. */
const WITH_CLIENT = `
import { createCustomer, listCustomers, type GraphError } from './client';

export async function names(business: string): Promise<string[]> {
  const { data, error } = await createCustomer({ path: { business }, body: { displayName: 'Joni' } });
  const failure: GraphError | undefined = error;
  if (data === undefined) throw new Error(failure?.error.code);
  const page = await listCustomers({ path: { business } });
  return [data.id, ...(page.data?.value ?? []).map(({ id }) => id)];
}
`;

describe('the types of openapi-typescript', () => {
  it('are used without a cast under the strictest options', async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'types.ts'), astToString(await openapiTS(text)));
    await writeFile(join(folder, 'program.ts'), WITH_TYPES);
    expect(faultsOf(join(folder, 'program.ts'), STRICTEST)).toEqual([]);
  });

  it('refuse a body of a batch that is no customer', async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'types.ts'), astToString(await openapiTS(text)));
    const wrong = WITH_TYPES.replace('body: { emailAddress: null }', 'body: 1');
    await writeFile(join(folder, 'program.ts'), wrong);
    expect(faultsOf(join(folder, 'program.ts'))).toHaveLength(1);
  });
});

describe('the client of @hey-api/openapi-ts', () => {
  it('compiles under strict, and has the ids', async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'openapi.json'), text);
    await createClient({
      input: join(folder, 'openapi.json'),
      output: join(folder, 'client'),
      logs: { level: 'silent' },
    });
    await writeFile(join(folder, 'program.ts'), WITH_CLIENT);
    expect(faultsOf(join(folder, 'program.ts'))).toEqual([]);
  });
});
