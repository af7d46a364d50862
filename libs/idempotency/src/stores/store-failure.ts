/** What a caller of a store gets for an error of the database or the file, with its code. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  /** Of Node, the driver or the database, such as `ENOENT`. */
  readonly code: string | undefined;

  constructor(reason: string, code: string | undefined, options?: ErrorOptions) {
    super(`the store cannot be used: ${reason}`, options);
    this.code = code;
  }
}

export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
