import { parseArgs } from 'node:util';
import { Complaint } from './complaint.ts';

/**
 * What a command was asked to do in which environment.
 *
 * @throws Complaint with the usage
 */
export function environmentOption(usage: string): { to: string; of: string | undefined } {
  try {
    const options = { to: { type: 'string' }, of: { type: 'string' } } as const;
    const { to, of } = parseArgs({ options }).values;
    if (to !== undefined && /^[\w.-]+$/.test(to)) return { to, of };
  } catch (error) {
    throw new Complaint(`${error instanceof Error ? error.message : String(error)}\n${usage}`, 2);
  }
  throw new Complaint(
    `--to must name an environment of the broker, such as production\n${usage}`,
    2,
  );
}

/** @throws Complaint with the usage when a command that takes nothing was given something */
export function noOptions(usage: string): void {
  try {
    parseArgs({ options: {} });
  } catch (error) {
    throw new Complaint(`${error instanceof Error ? error.message : String(error)}\n${usage}`, 2);
  }
}
