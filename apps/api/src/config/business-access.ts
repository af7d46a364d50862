import { AccessFileError } from '../business-access/business-access-file.ts';
import { BusinessAccessRules } from '../business-access/business-access-rules.ts';
import type { SettingReader } from './setting-reader.ts';

const SETTING = 'BUSINESS_ACCESS_FILE';

/** Reads the configured file. Its faults are reported like those of any setting. */
export function readBusinessAccessRules(reader: SettingReader): BusinessAccessRules | undefined {
  const path = reader.text(SETTING, 'the path of a business access file');
  if (path === undefined) return undefined;
  try {
    return new BusinessAccessRules(path);
  } catch (error) {
    if (!(error instanceof AccessFileError)) throw error;
    for (const { wrong, expected } of error.faults) reader.fault(SETTING, wrong, expected);
    return undefined;
  }
}
