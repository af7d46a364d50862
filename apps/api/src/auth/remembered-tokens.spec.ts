import { describe, expect, it } from '@jest/globals';
import type { Caller } from '@bookings/domain';
import { RememberedTokens } from './remembered-tokens.ts';
import { MEGABYTE, usedMegabytes } from './used-memory.fixture.ts';

const NOW_MS = 1_000_000;
const AT_LEAST = 5000;

const CALLER: Caller = {
  kind: 'application',
  appId: 'app',
  tenantId: 'tenant',
  permissions: [],
  personal: false,
};

function numbered(index: number): string {
  return `token ${index}`;
}

/** As often as it takes to be remembered. */
function add(tokens: RememberedTokens, ...added: readonly string[]): void {
  for (const token of [...added, ...added]) {
    tokens.add(token, CALLER, NOW_MS + 1, tokens.generation);
  }
}

function addNumbered(tokens: RememberedTokens, from: number, to: number): void {
  for (let index = from; index < to; index += 1) add(tokens, numbered(index));
}

function knowing(...added: readonly string[]): RememberedTokens {
  const tokens = new RememberedTokens();
  add(tokens, ...added);
  return tokens;
}

function knows(tokens: RememberedTokens, token: string, connection: object = {}): boolean {
  return tokens.get(token, connection, NOW_MS) === CALLER;
}

describe('RememberedTokens', () => {
  it('knows the callers of tokens that were verified twice, and of no others', () => {
    const tokens = knowing('token 0');
    tokens.add('token 1', CALLER, NOW_MS + 1, tokens.generation);
    expect(tokens.get('token 0', {}, NOW_MS)).toBe(CALLER);
    expect(['token 1', 'token 2', 'token', ''].map((token) => knows(tokens, token))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('knows no other token that ends as one of them', () => {
    const tokens = knowing('header.claims.the same signature');
    const connection = {};
    const others = ['header.others.the same signature', 'same signature', '.the same signature'];
    for (const over of [connection, {}]) {
      expect(knows(tokens, 'header.claims.the same signature', connection)).toBe(true);
      expect(others.map((token) => knows(tokens, token, over))).toEqual([false, false, false]);
    }
  });

  it('knows none that has expired', () => {
    const tokens = knowing('a token');
    const connection = {};
    expect(knows(tokens, 'a token', connection)).toBe(true);
    expect(tokens.get('a token', connection, NOW_MS + 1)).toBeUndefined();
    expect(tokens.get('a token', {}, NOW_MS + 1)).toBeUndefined();
  });

  it('forgets all, and what was being verified meanwhile', () => {
    const tokens = knowing('a token', 'another token');
    const connection = {};
    expect(knows(tokens, 'a token', connection)).toBe(true);
    const { generation } = tokens;
    tokens.clear();
    tokens.add('late', CALLER, NOW_MS + 1, generation);
    tokens.add('late', CALLER, NOW_MS + 1, generation);
    const left = ['a token', 'another token', 'late'].map((token) =>
      knows(tokens, token, connection),
    );
    expect(left).toEqual([false, false, false]);
  });

  it('keeps the last 5,000 in any case, and never more than 10,000', () => {
    const tokens = new RememberedTokens();
    addNumbered(tokens, 0, 3 * AT_LEAST);
    const last = Array.from({ length: AT_LEAST }, (_none, index) => 2 * AT_LEAST + index);
    expect(last.every((index) => knows(tokens, numbered(index)))).toBe(true);
    expect([AT_LEAST - 1, 0].some((index) => knows(tokens, numbered(index)))).toBe(false);
  });

  it('keeps one that is used, whatever comes and goes', () => {
    const tokens = knowing(numbered(0));
    for (let turn = 1; turn <= 5; turn += 1) {
      addNumbered(tokens, turn * AT_LEAST, (turn + 1) * AT_LEAST - 1);
      expect(knows(tokens, numbered(0))).toBe(true);
    }
  });

  it('does not keep one for what only ends as it does, nor one that has expired', () => {
    const forAWhile = 'header.claims.for a while';
    for (const [token, nowMs] of [
      ['header.others.for a while', NOW_MS],
      [forAWhile, NOW_MS + 1],
    ] as const) {
      const tokens = knowing(forAWhile);
      addNumbered(tokens, 0, AT_LEAST);
      expect(tokens.get(token, {}, nowMs)).toBeUndefined();
      addNumbered(tokens, AT_LEAST, 2 * AT_LEAST);
      expect(knows(tokens, forAWhile)).toBe(false);
    }
  });

  it('knows the last one of a connection, and no longer than it is the last', () => {
    const connection = {};
    const tokens = knowing('a token', 'another');
    expect(knows(tokens, 'a token', connection)).toBe(true);
    addNumbered(tokens, 0, 2 * AT_LEAST);
    expect([knows(tokens, 'a token', connection), knows(tokens, 'a token')]).toEqual([true, false]);
    expect(knows(tokens, numbered(2 * AT_LEAST - 1), connection)).toBe(true);
    expect(knows(tokens, 'a token', connection)).toBe(false);
  });

  it('keeps nothing of a token but its end and its digest', () => {
    const tokens = new RememberedTokens();
    const before = usedMegabytes();
    const padding = 'a'.repeat(MEGABYTE / 4);
    // Put together by force, as a text in pieces lets go of them; and small enough to be in the heap.
    for (let index = 0; index < 200; index += 1) {
      add(tokens, Buffer.from(`${padding} of ${index}`).toString('latin1'));
    }
    expect(usedMegabytes() - before).toBeLessThan(10);
    expect(knows(tokens, `${padding} of 199`)).toBe(true);
  });
});
