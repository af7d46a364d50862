import { parseArgs } from 'node:util';
import { isBusinessId, isObject } from '@bookings/domain';

/** What the process is asked to do. */
export type Command =
  | { readonly kind: 'serve' | 'help' | 'version' }
  /** With a business, what the settings name is asked too. */
  | { readonly kind: 'check'; readonly business: string | undefined };

/** An argument is wrong. The message is for the operator. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

const OPTIONS = {
  help: { type: 'boolean' },
  version: { type: 'boolean' },
  check: { type: 'boolean' },
  online: { type: 'boolean' },
  business: { type: 'string' },
} as const;

/** @throws ArgumentError for an unknown argument, or for some that do not go together */
export function readArguments(args: readonly string[]): Command {
  const { help, version, check, online, business } = parsed(args);
  if (help) return { kind: 'help' };
  if (version) return { kind: 'version' };
  if (!check && (online || business !== undefined)) {
    throw new ArgumentError('--online and --business need --check');
  }
  if (!check) return { kind: 'serve' };
  if (!online) {
    if (business !== undefined) throw new ArgumentError('--business needs --online');
    return { kind: 'check', business: undefined };
  }
  if (business === undefined || !isBusinessId(business)) {
    throw new ArgumentError('--online needs --business ID, the id of a booking business');
  }
  return { kind: 'check', business };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    // Further lines of Node's message explain its own conventions.
    const message = isObject(error) ? String(error['message']) : String(error);
    throw new ArgumentError(message.split(/\n|\. /)[0]);
  }
}
