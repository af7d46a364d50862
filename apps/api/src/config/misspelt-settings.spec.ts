import { describe, expect, it } from '@jest/globals';
import { misspeltSettings } from './misspelt-settings.ts';
import { SETTINGS } from './settings.ts';

describe('misspeltSettings', () => {
  it.each([
    ['AUDIT_FIL', 'AUDIT_FILE'],
    ['AUDITFILE', 'AUDIT_FILE'],
    ['audit_file', 'AUDIT_FILE'],
    ['AUTH_AUDIENCE', 'AUTH_AUDIENCES'],
    ['BUSINESS_ACESS_FILE', 'BUSINESS_ACCESS_FILE'],
    ['IDEMPOTENCY_KEYS', 'IDEMPOTENCY_KEY'],
    ['STATE-URL', 'STATE_URL'],
  ])('finds %s', (given, meant) => {
    expect(misspeltSettings({ [given]: 'x' })).toEqual([{ given, meant }]);
  });

  it('finds none in a correct configuration, or beside the setting that may be meant', () => {
    expect(misspeltSettings(Object.fromEntries(SETTINGS.map(({ key }) => [key, 'x'])))).toEqual([]);
    expect(misspeltSettings({ AUDIT_FILE: 'x', AUDIT_FILES: 'y' })).toEqual([]);
  });

  it.each(['PATH', 'HOSTNAME', 'PORTS', 'HOME', 'NODE_ENV', 'NODE_OPTIONS', 'AZURE_CLIENT_NAME'])(
    'takes %s for no setting',
    (name) => {
      expect(misspeltSettings({ [name]: 'x' })).toEqual([]);
    },
  );
});
