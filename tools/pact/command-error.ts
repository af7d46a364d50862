/** An error for the user of a command, printed in one line without a stack trace. */
export class CommandError extends Error {
  readonly exitCode: number;

  /** @param exitCode 2 for wrong arguments, otherwise 1 */
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a command and exits with its code. Prints a CommandError to stderr. */
export async function runCommand(command: () => Promise<number>): Promise<never> {
  try {
    process.exit(await command());
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
}
