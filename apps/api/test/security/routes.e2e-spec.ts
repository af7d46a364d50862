import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATIONS, OPERATION_NAMES, type Operation } from '@bookings/domain';
import { Stack } from '../stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(async () => {
  await stack.stop();
});

/** The routes of an operation; a read also serves HEAD. */
function routesOf(name: Operation): string[] {
  const { method, path } = OPERATIONS[name];
  const route = path.replace(/^.*\{business\}/, '…').replace('{customer}', ':customer');
  return (method === 'GET' ? [method, 'HEAD'] : [method]).map((each) => `${each} ${route} ${name}`);
}

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
        ...OPERATION_NAMES.flatMap(routesOf),
      ].sort(),
    );
  });
});
