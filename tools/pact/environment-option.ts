import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { helpIfAsked } from '../usage.ts';
import { CommandError } from './command-error.ts';

/**
 * Reads the options of a command.
 *
 * @param options besides `--of`
 * @throws CommandError with the usage
 */
export function commandOptions<Options extends ParseArgsOptionsConfig>(
  usage: string,
  options: Options,
) {
  helpIfAsked(usage);
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${reason}\n${usage}`, 2);
  }
}

/**
 * @param option its name
 * @throws CommandError with the usage unless `value` may be the name of an environment
 */
export function environmentName(option: string, value: string | undefined, usage: string): string {
  if (value !== undefined && /^[\w.-]+$/.test(value)) return value;
  throw new CommandError(
    `--${option} must name an environment of the broker, such as production\n${usage}`,
    2,
  );
}
