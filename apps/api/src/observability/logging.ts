import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from '../config/config.ts';
import { LogDestination } from './log-destination.ts';

/** Creates a log of JSON lines on stdout or on `destination`. */
export function createLog(
  level: Config['logLevel'],
  destination: DestinationStream = new LogDestination(1),
): Logger {
  return pino({ level, base: null, serializers: { err: serializeError } }, destination);
}

/**
 * Serializes only the standard members of an error. Others may contain personal data: a parser's
 * `data` is a part of Graph's response.
 */
function serializeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: name,
    message,
    stack,
    ...(typeof code === 'string' && { code }),
    ...(cause !== undefined && { cause: serializeError(cause) }),
  };
}
