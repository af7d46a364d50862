import type { UpstreamRequest, UpstreamResponse } from './bookings-gateway.ts';
import type { WriteOperation } from './operations.ts';

/** The target of one write. */
export interface Write {
  readonly operation: WriteOperation;
  readonly business: string;
  /** As the caller sent it; absent for a create. */
  readonly customer?: string | undefined;
}

/** The response to a write. That to a create has the id of the new customer. */
export type WriteResponse = UpstreamResponse & { readonly id?: string };

/** Wraps every write of a gateway, for example to audit it. */
export interface WriteInterceptor {
  /** @param send sends the write to Graph; not called when the write is refused */
  intercept<T extends WriteResponse>(
    write: Write,
    request: UpstreamRequest,
    send: () => Promise<T>,
  ): Promise<T>;
}
