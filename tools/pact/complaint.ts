/** Something that whoever runs a command must know, said in one line and without a stack. */
export class Complaint extends Error {
  readonly exitCode: number;

  /** @param exitCode 2 for a command that was not written as it must be, else 1 */
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a command to its end and exits with its code; a complaint goes to stderr. */
export async function runCommand(command: () => Promise<number>): Promise<never> {
  try {
    process.exit(await command());
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
}
