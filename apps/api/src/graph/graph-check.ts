import type { GraphConfig } from '../config/config.ts';
import { OwnAccess } from './own-access.ts';

export { type TokenFailure, reasonOf, tokenFailureIn } from '@bookings/graph-client';

/** Tries the proxy's access to Graph without serving. Changes nothing at Graph. */
export class GraphCheck {
  readonly #access: OwnAccess;

  constructor(config: GraphConfig) {
    this.#access = new OwnAccess(config);
  }

  /** @throws GraphError when there is no token */
  acquireToken(): Promise<void> {
    return this.#access.acquireToken();
  }

  /**
   * Reads the first page of the customers of a business, as the page "List customers" documents it.
   * Its content is dropped.
   *
   * @throws GraphError as for any caller
   */
  async readCustomers(business: string): Promise<void> {
    const { gateway } = this.#access;
    const collection = 'http://localhost/customers';
    await gateway.listCustomers(business, '', collection, this.#access.request());
  }

  /** Closes the connections, so that the process can end. */
  close(): Promise<void> {
    return this.#access.close();
  }
}
