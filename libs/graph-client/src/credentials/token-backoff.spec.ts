import { beforeEach, describe, expect, it } from '@jest/globals';
import { TokenBackoff } from './token-backoff.ts';
import { tokenError } from './token-error.ts';

let nowMs: number;
let backoff: TokenBackoff;
beforeEach(() => {
  nowMs = 1000;
  backoff = new TokenBackoff(() => nowMs);
});

const throttled = (retryDelayMs: number) => () =>
  Promise.reject(tokenError({ error: 'status 429', retryDelayMs }, true));
const issue = () => Promise.resolve('token');
const block = (key: string, retryDelayMs = 60_000) =>
  expect(backoff.run(key, throttled(retryDelayMs))).rejects.toMatchObject({ status: 503 });

describe('TokenBackoff', () => {
  it('blocks one key until Retry-After has passed, and says how much is left', async () => {
    await block('a', 7000);
    nowMs += 5500;
    const left = { status: 503, headers: { 'Retry-After': '2' } };
    await expect(backoff.run('a', issue)).rejects.toMatchObject(left);
    expect(await backoff.run('b', issue)).toBe('token');
    nowMs += 1500;
    expect(await backoff.run('a', issue)).toBe('token');
    expect(backoff.size).toBe(0);
  });

  it('doubles a delay that is guessed, up to a minute, until there is a token', async () => {
    const failure = { error: 'status 503', retryDelayMs: 2000, isDelayGuessed: true };
    const fail = () => Promise.reject(tokenError(failure, false));
    const blockFor = async (seconds: number) => {
      const headers = { 'Retry-After': String(seconds) };
      await expect(backoff.run('a', fail)).rejects.toMatchObject({ status: 503, headers });
      nowMs += seconds * 1000 - 1;
      await expect(backoff.run('a', issue)).rejects.toMatchObject({ status: 503 });
      nowMs += 1;
    };
    for (const seconds of [2, 4, 8, 16, 32, 60, 60]) await blockFor(seconds);
    expect(await backoff.run('a', issue)).toBe('token');
    await blockFor(2);
  });

  it.each([
    ['a day', 86_400_000],
    ['a number of more than 309 digits', Number('9'.repeat(310))],
  ])('blocks for five minutes when Retry-After says %s', async (_title, retryDelayMs) => {
    const headers = { 'Retry-After': '300' };
    await expect(backoff.run('a', throttled(retryDelayMs))).rejects.toMatchObject({ headers });
    await expect(backoff.run('a', issue)).rejects.toMatchObject({ status: 503, headers });
    nowMs += 300_000;
    expect(await backoff.run('a', issue)).toBe('token');
  });

  it('does not block after a refusal', async () => {
    const refused = () => Promise.reject(tokenError({ error: 'invalid_client' }, false));
    await expect(backoff.run('a', refused)).rejects.toMatchObject({ status: 502 });
    expect(await backoff.run('a', issue)).toBe('token');
  });

  it('remembers the thousand newest blocks', async () => {
    for (let index = 0; index < 1000; index += 1) await block(`k${index}`);
    await block('another');
    expect(backoff.size).toBe(1000);
    expect(await backoff.run('k0', issue)).toBe('token');
    await expect(backoff.run('k1', issue)).rejects.toMatchObject({ status: 503 });
    await expect(backoff.run('another', issue)).rejects.toMatchObject({ status: 503 });
  });
});
