import { parseArgs } from 'node:util';
import { helpIfAsked } from '../usage.ts';
import { CommandError } from './command-error.ts';

/**
 * Reads the options `--to` and `--of` of a command.
 *
 * @throws CommandError with the usage
 */
export function environmentOption(usage: string): { to: string; of: string | undefined } {
  helpIfAsked(usage);
  try {
    const options = { to: { type: 'string' }, of: { type: 'string' } } as const;
    const { to, of } = parseArgs({ options }).values;
    if (to !== undefined && /^[\w.-]+$/.test(to)) return { to, of };
  } catch (error) {
    throw new CommandError(
      `${error instanceof Error ? error.message : String(error)}\n${usage}`,
      2,
    );
  }
  throw new CommandError(
    `--to must name an environment of the broker, such as production\n${usage}`,
    2,
  );
}

/** @throws CommandError with the usage if there are arguments */
export function noOptions(usage: string): void {
  helpIfAsked(usage);
  try {
    parseArgs({ options: {} });
  } catch (error) {
    throw new CommandError(
      `${error instanceof Error ? error.message : String(error)}\n${usage}`,
      2,
    );
  }
}
