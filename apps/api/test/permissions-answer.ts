import { isObject } from '@bookings/domain';
import type { Answer } from './stack.ts';

/** `operations` of what `GET /permissions` answers. */
export const operationsOf = ({ body }: Answer): Record<string, unknown>[] =>
  Array.isArray(body['operations']) ? body['operations'].filter(isObject) : [];
/** Names of those that are permitted. */
export const permitted = (answer: Answer) =>
  operationsOf(answer).flatMap((each) => (each['permitted'] === true ? [each['operation']] : []));
