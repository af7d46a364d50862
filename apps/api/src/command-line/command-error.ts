/** An error with a message for the operator. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  /** @param output of what was done all the same */
  constructor(
    message: string,
    readonly output = '',
  ) {
    super(message);
  }
}
