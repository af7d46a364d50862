import { describe, expect, it } from '@jest/globals';
import { OPERATIONS, OPERATION_NAMES, type Operation } from '@bookings/domain';
import { useStack } from '../stack.ts';

const stack = useStack();

/** The routes of an operation; a read also serves HEAD. */
function routesOf(name: Operation): string[] {
  const { method, path } = OPERATIONS[name];
  const route = path.replace(/^.*\{business\}/, '…').replace('{customer}', ':customer');
  return (method === 'GET' ? [method, 'HEAD'] : [method]).map((each) => `${each} ${route} ${name}`);
}

describe('every route', () => {
  it('declares an operation, that any caller may use it, or that it is public', () => {
    const marks = stack.app.routes.map(({ method, url, operation, isPublic, requiresToken }) => {
      const mark = isPublic ? 'public' : requiresToken ? 'any caller' : operation;
      return `${method} ${url.replace(/^.*\/:business/, '…')} ${String(mark)}`;
    });
    expect(marks.sort()).toEqual(
      [
        'GET / public',
        'HEAD / public',
        'GET /docs public',
        'GET /docs/:file public',
        'GET /permissions any caller',
        'HEAD /permissions any caller',
        'GET /livez public',
        'GET /openapi.json public',
        'GET /metrics public',
        'GET /readyz public',
        'HEAD /docs public',
        'HEAD /docs/:file public',
        'HEAD /livez public',
        'HEAD /openapi.json public',
        'HEAD /metrics public',
        'HEAD /readyz public',
        'POST /v1.0/$batch any caller',
        ...OPERATION_NAMES.flatMap(routesOf),
      ].sort(),
    );
  });
});
