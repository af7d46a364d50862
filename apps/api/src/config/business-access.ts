import { AccessFileError } from '../business-access/business-access-file.ts';
import { BusinessRules } from '../business-access/business-access-rules.ts';
import type { SettingReader } from './setting-reader.ts';

const KEY = 'BUSINESS_ACCESS_FILE';

/** Reads the configured file. Its faults are reported like those of any setting. */
export function businessRules(read: SettingReader): BusinessRules | undefined {
  const path = read.text(KEY, 'the path of a business access file');
  if (path === undefined) return undefined;
  try {
    return new BusinessRules(path);
  } catch (error) {
    if (!(error instanceof AccessFileError)) throw error;
    for (const { wrong, expected } of error.faults) read.fault(KEY, wrong, expected);
    return undefined;
  }
}
