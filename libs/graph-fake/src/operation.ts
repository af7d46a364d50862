import { setImmediate } from 'node:timers/promises';
import type { CustomerStore } from './customer-store.ts';
import type { Answer, RequestIds } from './graph-answer.ts';
import type { Permissions } from './graph-authorization.ts';

/** A request that was let in: its business exists and its token is good for the operation. */
export interface OperationCall {
  readonly ids: RequestIds;
  /** In the spelling the business was set up with. */
  readonly business: string;
  /** Of the customer that the path names; null for the collection. */
  readonly id: string | null;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly store: CustomerStore;
  /** Root of the API, with `/v1.0`, without a slash at the end. */
  readonly graphUrl: string;
  readonly answerDelayMs: number;
  /** How long lists and counts do not have a customer that was stored. */
  readonly listDelayMs: number;
  /** Customers of a page where the caller does not say. */
  readonly pageSize: number;
  /** Get knows customers by Base64 ids alone. */
  readonly getNeedsBase64Id: boolean;
  /** A fault asks for the service's bug: `displayName` becomes `emailAddress`. */
  readonly displayNameIsEmail: boolean;
  /** Aborted when the fake closes. */
  readonly signal: AbortSignal;
}

/** One operation on customers; throws `GraphRefusal`. */
export interface Operation {
  readonly permissions: Permissions;
  perform(call: OperationCall): Promise<Answer>;
}

/** Without a turn of the event loop no two requests would ever be under way together. */
export function turn({ signal }: OperationCall): Promise<void> {
  return setImmediate(undefined, { signal });
}
