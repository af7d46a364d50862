import { describe, expect, it } from '@jest/globals';
import { connectionFault } from './connection-fault.ts';

const coded = (code: unknown) => Object.assign(new Error('secret.example'), { code });

describe('connectionFault', () => {
  it.each([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['ECONNRESET', 'lost'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['EPROTO', 'tls'],
    ['EWHATEVER', 'other'],
  ])('sorts the code %s into %s and repeats it', (code, kind) => {
    const fault = connectionFault(coded(code));
    expect(fault.kind).toBe(kind);
    expect(fault.reason).toMatch(new RegExp(`\\(${code}\\)$`));
  });

  it('looks for the code in the causes', () => {
    const wrapped = new Error('fetch failed', { cause: coded('ECONNREFUSED') });
    expect(connectionFault(wrapped).kind).toBe('refused');
  });

  it.each([
    ['an error without a code', new Error('secret.example')],
    ['a code that is not a word', coded('joni@contoso.com')],
    ['no error', undefined],
  ])('says nothing but "failed" for %s', (_title, error) => {
    expect(connectionFault(error)).toEqual({ kind: 'other', reason: 'the connection failed' });
  });

  it('ends for an error that is its own cause', () => {
    const error = new Error('x');
    error.cause = error;
    expect(connectionFault(error).kind).toBe('other');
  });
});
