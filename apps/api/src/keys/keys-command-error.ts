/** An error with a message for the operator. */
export class KeysCommandError extends Error {
  override readonly name = 'KeysCommandError';

  /** @param output of what was done all the same */
  constructor(
    message: string,
    readonly output = '',
  ) {
    super(message);
  }
}
