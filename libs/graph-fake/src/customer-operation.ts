import { setImmediate } from 'node:timers/promises';
import type { CustomerStore } from './customer-store.ts';
import type { GraphResponse, RequestIds } from './graph-response.ts';
import type { Permissions } from './graph-authorization.ts';
import type { Metadata } from './metadata.ts';

/** An authorized request for an existing business. */
export interface OperationCall {
  readonly ids: RequestIds;
  /** In the configured spelling. */
  readonly business: string;
  /** The customer id in the path; null for the collection. */
  readonly id: string | null;
  readonly metadata: Metadata;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly store: CustomerStore;
  /** Root of the API with `/v1.0`, without a trailing slash. */
  readonly graphUrl: string;
  /** How long lists and counts lack a new customer. */
  readonly listDelayMs: number;
  /** The page size without `$top`. */
  readonly pageSize: number;
  /** Whether Get accepts only Base64 ids. */
  readonly getNeedsBase64Id: boolean;
  /** Whether the fault `display-name-is-email` applies. */
  readonly displayNameIsEmail: boolean;
  /** Aborted when the fake closes. */
  readonly signal: AbortSignal;
}

/** An operation on customers. Throws `GraphRefusal`. */
export interface CustomerOperation {
  readonly permissions: Permissions;
  perform(call: OperationCall): Promise<GraphResponse>;
}

/** Waits one turn of the event loop, so that requests can overlap. */
export function yieldToOthers({ signal }: OperationCall): Promise<void> {
  return setImmediate(undefined, { signal });
}
