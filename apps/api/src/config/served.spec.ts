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

describe('what is served where', () => {
  it('is all on one port by default, docs too', () => {
    expect(loadConfig(complete)).toMatchObject({ docs: true });
  });

  it('is read', () => {
    const env = { ...complete, DOCS: 'off' };
    expect(loadConfig(env)).toMatchObject({ docs: false });
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['docs that are neither on nor off', { ...complete, DOCS: 'no' }, ['DOCS is not known']],
    ['docs that are off', { ...complete, DOCS: 'off' }, []],
  ])('is judged: %s', (_title, env, expected) => {
    expect(faults(env)).toEqual(expected);
  });
});
