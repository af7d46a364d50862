import { describe, expect, it } from '@jest/globals';
import { isObject } from '@bookings/domain';
import { partsOf, sendBatch, statusesOf } from '../batch-requests.ts';
import { useStack } from '../stack.ts';
import { BATCHES } from './batches.ts';
import { titled } from './report.ts';

const stack = useStack();

const idOf = (request: object) => (isObject(request) ? request['id'] : undefined);

describe('a batch', () => {
  it.each(titled(BATCHES))('%s', async (_title, report) => {
    const { requests, refused, statuses, ids = requests.map(idOf) } = report;
    const response = await sendBatch(stack, requests);
    if (refused) {
      const [target, message] = refused;
      expect([response.status, response.error['details']]).toEqual([
        400,
        [{ code: 'BadRequest', target, message: expect.stringContaining(message) as unknown }],
      ]);
      expect(stack.graphRequests).toBe(0);
    } else {
      expect(statusesOf(response)).toEqual(statuses);
      expect(partsOf(response).map(({ id }) => id)).toEqual(ids);
    }
  });
});
