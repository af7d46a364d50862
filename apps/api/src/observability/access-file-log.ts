import { AccessFileError } from '../business-access/business-access-file.ts';
import type { AccessFileObserver } from '../business-access/business-access-rules.ts';
import { resultOf } from './dependency-metrics.ts';
import { errorFields } from './error-fields.ts';
import type { Log } from './logging.ts';
import type { Metrics } from './metrics.ts';

/** Logs and counts what becomes of the business access file. */
export function accessFileLog(log: Log, { dependencies }: Metrics): AccessFileObserver {
  return {
    inForce: (callers) => {
      log.write('accessFile', { 'bookings.callers': callers });
    },
    changed: (callers) => {
      dependencies.accessReloads.inc(resultOf(true));
      log.write('accessFileChanged', { 'bookings.callers': callers });
    },
    refused: (error) => {
      dependencies.accessReloads.inc(resultOf(false));
      const isFault = error instanceof AccessFileError;
      const faults = isFault ? error.faults.map(sentence) : undefined;
      const why = isFault ? { 'bookings.faults': faults } : errorFields(error);
      log.write('accessFileInvalid', why);
    },
  };
}

function sentence({ wrong, expected }: AccessFileError['faults'][number]): string {
  return `${wrong}; expected: ${expected}`;
}
