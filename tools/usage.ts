/**
 * Prints how a command is called, and ends the process, if `--help` is among its arguments. A command
 * calls it before it does anything else.
 */
export function helpIfAsked(usage: string): void {
  if (!process.argv.slice(2).includes('--help')) return;
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
