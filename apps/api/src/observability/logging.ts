import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from '../config/config.ts';

/** How much may wait for a reader that stands still; what comes on top of it is dropped. */
const MAX_WAITING_BYTES = 8_388_608;

/** JSON lines on stdout, or on `destination`. */
export function createLog(
  level: Config['logLevel'],
  destination: DestinationStream = logDestination(1),
): Logger {
  return pino({ level, base: null, serializers: { err: readable } }, destination);
}

/**
 * A file descriptor that lines are written to without stopping the event loop.
 *
 * @returns pino's own destination. Its `flush` calls back when every line so far has been written:
 *   with a minimum length of 0 it would call back at once
 */
export function logDestination(descriptor: number): ReturnType<typeof pino.destination> {
  const destination = pino.destination({
    dest: descriptor,
    sync: false,
    minLength: 1,
    maxLength: MAX_WAITING_BYTES,
  });
  // A full disk ends nothing. What could not be written is tried again with the next line.
  destination.on('error', () => undefined);
  return destination;
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
