import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from '../config/config.ts';
import { GatheredLines } from './gathered-lines.ts';
import { writesTo } from './usual-lines.ts';

/** JSON lines on stdout, or on `destination`. */
export function createLog(
  level: Config['logLevel'],
  destination: DestinationStream = new GatheredLines(1),
): Logger {
  const log = pino({ level, base: null, serializers: { err: readable } }, destination);
  writesTo(log, destination);
  return log;
}

/**
 * Of an error only what its class and its author say. Other members may hold what it is about: a
 * parser's `data` is a piece of Graph's answer.
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
