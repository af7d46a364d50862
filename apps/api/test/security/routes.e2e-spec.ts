import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Stack } from '../stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(async () => {
  await stack.stop();
});

describe('every route', () => {
  it('declares a permission, that it needs a token, or that it is for everybody', () => {
    const marks = stack.app.routes.map(({ method, url, operation, open, anyCaller }) => {
      const mark = open ? 'everybody' : anyCaller ? 'any caller' : operation;
      return `${method} ${url.replace(/^.*\/:business/, '…')} ${String(mark)}`;
    });
    expect(marks.sort()).toEqual(
      [
        'GET /docs everybody',
        'GET /docs/:file everybody',
        'GET /permissions any caller',
        'HEAD /permissions any caller',
        'GET /livez everybody',
        'GET /openapi.json everybody',
        'GET /metrics everybody',
        'GET /readyz everybody',
        'HEAD /docs everybody',
        'HEAD /docs/:file everybody',
        'HEAD /livez everybody',
        'HEAD /openapi.json everybody',
        'HEAD /metrics everybody',
        'HEAD /readyz everybody',
        'POST /v1.0/$batch any caller',
        'POST …/customers createCustomer',
        'GET …/customers listCustomers',
        'HEAD …/customers listCustomers',
        'GET …/customers/$count countCustomers',
        'HEAD …/customers/$count countCustomers',
        'GET …/customers/:customer getCustomer',
        'HEAD …/customers/:customer getCustomer',
        'PATCH …/customers/:customer updateCustomer',
        'DELETE …/customers/:customer deleteCustomer',
      ].sort(),
    );
  });
});
