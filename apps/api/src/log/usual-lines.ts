import type { DestinationStream, Logger } from 'pino';

/** Levels of lines that every request writes, and pino's numbers for them. */
const LEVELS = { debug: 20, info: 30, error: 50 } as const;

/** Writes one line; members that are undefined are left out. It must have no error in it. */
export type WriteLine = (level: keyof typeof LEVELS, fields: object) => void;

const destinations = new WeakMap<Logger, DestinationStream>();

/** Tells where `log` writes, for `usualLines`. */
export function writesTo(log: Logger, destination: DestinationStream): void {
  destinations.set(log, destination);
}

/**
 * Lines as pino writes them (a property test compares), put together by one `JSON.stringify`: pino
 * joins each from a hundred pieces, and three lines for each create were a seventh of its garbage.
 *
 * @param always whatever the level of the log is
 * @throws TypeError for a log that `writesTo` does not know
 */
export function usualLines(
  log: Logger,
  message: string,
  bindings: object = {},
  always = false,
): WriteLine {
  const destination = destinations.get(log);
  if (!destination) throw new TypeError('nobody knows where this log writes');
  return (level, fields) => {
    if (!always && !log.isLevelEnabled(level)) return;
    const line = { level: LEVELS[level], time: Date.now(), ...bindings, ...fields, msg: message };
    destination.write(`${JSON.stringify(line)}\n`);
  };
}
