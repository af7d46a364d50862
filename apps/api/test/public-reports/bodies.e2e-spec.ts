import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BODY_WAYS, detailsOf } from '../body-ways.ts';
import { BUSINESS } from '../documented.ts';
import { OpenApiValues } from '../openapi-values.ts';
import { useStack } from '../stack.ts';
import { CONTROL_INFORMATION, TEXTS, type BodyReport } from './bodies.ts';
import { ACCEPTED, REFUSED } from './emails.ts';
import { titled } from './report.ts';

const stack = useStack();
let id: string;
let values: OpenApiValues;
beforeAll(async () => {
  values = new OpenApiValues((await stack.get('/openapi.json')).body);
});
beforeEach(async () => {
  id = String((await stack.create()).body['id']);
});

const EMAILS: readonly BodyReport[] = [
  ...REFUSED.map(([source, emailAddress, message]) => ({
    source,
    input: JSON.stringify(emailAddress),
    right: `400, ${message}`,
    body: { displayName: 'x', emailAddress },
    refused: ['emailAddress', message] as const,
  })),
  ...ACCEPTED.map(([source, emailAddress]) => ({
    source,
    input: emailAddress,
    right: 'stored byte for byte',
    body: { displayName: 'x', emailAddress },
    stored: { emailAddress },
  })),
];

describe.each([
  ['text', TEXTS],
  ['control information', CONTROL_INFORMATION],
  ['an e-mail address', EMAILS],
])('%s', (_kind, reports) => {
  it.each(titled(reports))('%s', async (_title, { body, refused, stored }) => {
    const misfit = values.misfit({ $ref: '#/components/schemas/BookingCustomer' }, body);
    // The document says of control information only that it is ignored.
    const isDescribed = !refused?.[0].includes('@odata.');
    if (isDescribed) expect(misfit !== undefined).toBe(refused !== undefined);
    const before = stack.graphRequests;
    for (const by of BODY_WAYS) {
      const response = await by.send(stack, body, id);
      if (refused) {
        const [target, message] = refused;
        expect([response.status, detailsOf(response)]).toEqual([
          400,
          [{ target, message: expect.stringContaining(message) as unknown }],
        ]);
        expect(stack.graphRequests).toBe(before);
      } else {
        expect([response.status, detailsOf(response)]).toEqual([by.isUpdate ? 200 : 201, []]);
        expect(stack.fake.customers(BUSINESS).at(by.isUpdate ? 0 : -1)).toMatchObject(stored ?? {});
      }
    }
  });
});
