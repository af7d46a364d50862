import { DatabaseSync } from 'node:sqlite';

/** The SQLite file of a `STATE_URL`, past the proxy. */
export class StateFile {
  readonly #path: string;

  constructor(url: string) {
    this.#path = url.slice('sqlite:'.length);
  }

  rows(): Record<string, unknown>[] {
    using database = new DatabaseSync(this.#path);
    return database.prepare('SELECT * FROM idempotency_keys').all();
  }

  change(assignment: string): void {
    using database = new DatabaseSync(this.#path);
    database.exec(`UPDATE idempotency_keys SET ${assignment}`);
  }
}
