import { randomUUID } from 'node:crypto';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from '../config/config.ts';
import { VERSION } from '../config/version.ts';
import { EVENTS, type LevelOf, type LogEvent } from './log-events.ts';
import { LogDestination } from './log-destination.ts';
import type { LogFields } from './log-fields.ts';

type LogLevel = Config['logLevel'];

/** The version of the Elastic Common Schema whose names the fields have. */
const ECS_VERSION = '8.11.0';

/** Creates a log of JSON lines on stdout or on `destination`. */
export function createLog(
  level: LogLevel,
  destination: DestinationStream = new LogDestination(1),
): Log {
  const processId = randomUUID();
  const logger = pino(
    {
      level,
      base: {
        'ecs.version': ECS_VERSION,
        'service.name': 'bookings-proxy',
        'service.version': VERSION,
        'service.ephemeral_id': processId,
      },
      messageKey: 'message',
      timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ 'log.level': label }) },
    },
    destination,
  );
  return new Log(logger, level, processId);
}

/** Writes the events of `EVENTS`, with the fields of `FIELDS`, and nothing else. */
export class Log {
  readonly #audit: Logger;

  constructor(
    private readonly logger: Logger,
    private readonly configured: LogLevel,
    /** Names this run of the process in its log, its traces and its permits. */
    readonly processId: string,
  ) {
    this.#audit = logger.child({ audit: true }, { level: 'info' });
  }

  write<Name extends LogEvent>(
    name: Name,
    fields: LogFields = {},
    level: LevelOf<Name> = EVENTS[name].levels[0],
  ): void {
    const event: { readonly message: string; readonly alarm?: string } = EVENTS[name];
    const line = event.alarm === undefined ? fields : { 'bookings.alarm': event.alarm, ...fields };
    this.logger[level](line, event.message);
  }

  /** Writes an audit record with its own members, whatever the log level is. */
  audit(record: object): void {
    this.#audit.info({ time: new Date().toISOString(), ...record }, EVENTS.audit.message);
  }

  /** Calls back when all previous lines are written, or with the reason why the last one is lost. */
  flush(callback: (error?: Error) => void): void {
    this.logger.flush(callback);
  }

  /** Switches between the configured level and `debug`, or `info` if `debug` would say no more. */
  switchLevel(): void {
    const isDetailed = this.configured === 'debug' || this.configured === 'trace';
    const other = isDetailed ? 'info' : 'debug';
    const next = this.logger.level === this.configured ? other : this.configured;
    // The line is written whichever of the two levels would hide it.
    this.logger.level = isDetailed ? this.configured : other;
    this.write('logLevel', { 'bookings.log_level': next });
    this.logger.level = next;
  }
}

/** A log that no one reads. */
export function silentLog(): Log {
  return createLog('silent', { write: () => undefined });
}
