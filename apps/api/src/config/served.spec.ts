import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from './config.ts';

const complete = {
  AUTH_ISSUERS: 'https://login.example.com/t/v2.0',
  AUTH_AUDIENCES: 'api://bookings-proxy',
  AUTH_JWKS_URL: 'https://login.example.com/keys',
  GRAPH_BASE_URL: 'https://graph.microsoft.com/v1.0',
  GRAPH_CREDENTIAL: 'access-token',
  GRAPH_ACCESS_TOKEN: 'token',
};

function faults(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ key, wrong }) => `${key} ${wrong}`);
  }
}

describe('the settings of ports and documentation', () => {
  it('serve everything on one port by default', () => {
    expect(loadConfig(complete)).toMatchObject({ managementPort: undefined, docs: true });
  });

  it('are read', () => {
    const env = { ...complete, MANAGEMENT_PORT: '9000', DOCS: 'off' };
    expect(loadConfig(env)).toMatchObject({ managementPort: 9000, docs: false });
  });

  it.each<[string, Record<string, string>, string[]]>([
    [
      'a management port out of range',
      { ...complete, MANAGEMENT_PORT: '65536' },
      ['MANAGEMENT_PORT is not a number in the allowed range'],
    ],
    [
      'a management port equal to PORT',
      { ...complete, PORT: '8080', MANAGEMENT_PORT: '8080' },
      ['MANAGEMENT_PORT is the same as PORT'],
    ],
    [
      'a management port equal to the default PORT',
      { ...complete, MANAGEMENT_PORT: '3000' },
      ['MANAGEMENT_PORT is the same as PORT'],
    ],
    ['two free ports', { ...complete, PORT: '0', MANAGEMENT_PORT: '0' }, []],
    ['a management port', { ...complete, MANAGEMENT_PORT: '9000' }, []],
    [
      'a management port without a value',
      { ...complete, MANAGEMENT_PORT: '' },
      ['MANAGEMENT_PORT is empty'],
    ],
    [
      'docs that are neither on nor off',
      { ...complete, DOCS: 'no' },
      ['DOCS is not an allowed value'],
    ],
    ['docs that are off', { ...complete, DOCS: 'off' }, []],
  ])('are checked: %s', (_title, env, expected) => {
    expect(faults(env)).toEqual(expected);
  });
});
