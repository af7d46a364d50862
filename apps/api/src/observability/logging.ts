import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from '../config/config.ts';
import { LogDestination } from './log-destination.ts';

/** JSON lines on stdout, or on `destination`. */
export function createLog(
  level: Config['logLevel'],
  destination: DestinationStream = new LogDestination(1),
): Logger {
  return pino({ level, base: null, serializers: { err: readable } }, destination);
}

/**
 * Of an error only what its class and its author say. Other members may hold what it is about: a
 * parser's `data` is a part of Graph's response.
 */
function readable(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: name,
    message,
    stack,
    ...(typeof code === 'string' && { code }),
    ...(cause !== undefined && { cause: readable(cause) }),
  };
}
