import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES, GraphError } from './graph-error.ts';

const ids = {
  requestId: '6de1f37c-6607-4e29-ba6e-867c6f768490',
  clientRequestId: '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab',
};
const now = new Date('2021-11-23T15:25:07.890Z');

describe('GraphError', () => {
  it('has the shape of Graph and the origin "proxy" for an error of the proxy', () => {
    const error = new GraphError('GatewayTimeout', 'Too late.');
    expect(error.status).toBe(504);
    expect(error.toBody({ ...ids, outcome: 'unknown' }, now)).toEqual({
      error: {
        code: 'GatewayTimeout',
        message: 'Too late.',
        innerError: {
          date: '2021-11-23T15:25:07',
          'request-id': ids.requestId,
          'client-request-id': ids.clientRequestId,
          origin: 'proxy',
          outcome: 'unknown',
        },
      },
    });
  });

  it('keeps the code and innerError of Graph, even an empty code, and adds no origin', () => {
    const innerError = { date: '2019-05-24T10:16:21', 'request-id': 'of-graph', extra: 1 };
    const graphOrigin = { status: 500, innerError };
    const error = new GraphError('', 'An error has occurred.', {}, graphOrigin);
    expect(error.status).toBe(500);
    expect(error.toBody(ids, now).error).toEqual({
      code: '',
      message: 'An error has occurred.',
      innerError: { ...innerError, 'client-request-id': ids.clientRequestId },
    });
  });

  it('has the status of its code', () => {
    for (const [code, { status }] of Object.entries(ERROR_CODES)) {
      expect(new GraphError(code as keyof typeof ERROR_CODES, '').status).toBe(status);
    }
  });
});
