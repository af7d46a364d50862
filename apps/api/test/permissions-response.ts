import { isObject } from '@bookings/domain';
import { type ProxyResponse } from './proxy-client.ts';

/** `operations` in a response of `GET /permissions`. */
export const operationsOf = ({ body }: ProxyResponse): Record<string, unknown>[] =>
  Array.isArray(body['operations']) ? body['operations'].filter(isObject) : [];
/** Names of the permitted operations. */
export const permitted = (response: ProxyResponse) =>
  operationsOf(response).flatMap((each) => (each['permitted'] === true ? [each['operation']] : []));
