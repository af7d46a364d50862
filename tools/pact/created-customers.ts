/** The customers that a verification creates in a real tenant. It must not leave one unnamed. */
export class CreatedCustomers {
  readonly #url: string;
  readonly #token: string;
  readonly #ids = new Set<string>();
  /** Creates that were sent and may have made a customer whose id is not known. */
  readonly #unsettled = new Set<object>();

  /** @param url of the customers of the business */
  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Notes a create before it is sent. `create` stands for it. */
  begin(create: object): void {
    this.#unsettled.add(create);
  }

  /**
   * Notes the answer to a create.
   *
   * @returns the id of the customer; undefined if none was made, or if the answer does not name it
   */
  settle(create: object, status: number, body: string): string | undefined {
    const id = status === 201 ? idIn(body) : undefined;
    if (id !== undefined) this.#ids.add(id);
    // After 408 the outcome is unknown, as after a failure of the server.
    const isRefused = status >= 400 && status < 500 && status !== 408;
    if (id !== undefined || isRefused) this.#unsettled.delete(create);
    return id;
  }

  /** How many creates may have made a customer whose id is not known. */
  get unknown(): number {
    return this.#unsettled.size;
  }

  /** Deletes the customers. @returns the ids of those that could not be deleted */
  async delete(): Promise<readonly string[]> {
    const deletes = [...this.#ids].map(async (id) => {
      const status = await this.#statusOfDelete(id);
      if (status === 204 || status === 404) this.#ids.delete(id);
    });
    await Promise.all(deletes);
    return [...this.#ids];
  }

  /** Undefined without a response in time. */
  #statusOfDelete(id: string): Promise<number | undefined> {
    const request = {
      method: 'DELETE',
      headers: { authorization: `Bearer ${this.#token}` },
      signal: AbortSignal.timeout(10_000),
    };
    return fetch(`${this.#url}/${encodeURIComponent(id)}`, request).then(
      ({ status }) => status,
      () => undefined,
    );
  }
}

/** Undefined if there is none. */
function idIn(json: string): string | undefined {
  try {
    const entity: unknown = JSON.parse(json);
    const id = new Map<string, unknown>(Object.entries(entity ?? {})).get('id');
    return typeof id === 'string' && id !== '' ? id : undefined;
  } catch {
    return undefined;
  }
}
