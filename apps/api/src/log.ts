import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import type { Config } from './config/config.ts';

/** JSON lines on stdout, or on `destination`. */
export function createLog(level: Config['logLevel'], destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      serializers: { err: stdSerializers.err },
    },
    destination ?? pino.destination(1),
  );
}
