/** An error with a message for the operator. */
export class KeysCommandError extends Error {
  override readonly name = 'KeysCommandError';
}
