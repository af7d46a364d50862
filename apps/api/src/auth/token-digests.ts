import { hash } from 'node:crypto';

interface Known {
  readonly token: string;
  readonly digest: string;
}

/**
 * What tokens are known by: SHA-256. A caller sends one token over and over, and mostly over the same
 * connections, so that the last one of each connection is kept with its digest: to make it anew for
 * every request was 2 to 3 % of a create.
 */
export class TokenDigests {
  readonly #last = new WeakMap<object, Known>();

  of(token: string, connection: object): string {
    const last = this.#last.get(connection);
    return last?.token === token ? last.digest : hash('sha256', token, 'base64');
  }

  /** Of a token that is remembered; until another one is, or `connection` is no more. */
  keep(digest: string, token: string, connection: object): void {
    if (this.#last.get(connection)?.digest === digest) return;
    this.#last.set(connection, { token, digest });
  }
}
