import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isObject } from '@bookings/domain';
import { DIST } from './proxy-process.ts';

export interface CommandResult {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command `keys` of the production build. */
export function runKeys(
  settings: Record<string, string>,
  ...args: string[]
): Promise<CommandResult> {
  return runCommand('keys', settings, ...args);
}

/** Runs a command of the production build. */
export async function runCommand(
  name: 'keys' | 'mailboxes',
  settings: Record<string, string>,
  ...args: string[]
): Promise<CommandResult> {
  const env = { PATH: process.env['PATH'], ...settings };
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [`${DIST}/${name}.js`, ...args],
      { env },
    );
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = isObject(error) ? error : {};
    return { code, stdout: String(stdout), stderr: String(stderr) };
  }
}
