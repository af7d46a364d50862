import { describe, expect, it } from '@jest/globals';
import { giveBack } from './give-back.ts';

describe('giveBack', () => {
  it('frees the memory of buffers, and of all that share it', () => {
    const whole = Buffer.alloc(100_000, 'x');
    const part = whole.subarray(1, 9);
    const heldBytes = process.memoryUsage().arrayBuffers;
    giveBack([part]);
    expect(process.memoryUsage().arrayBuffers).toBeLessThanOrEqual(heldBytes - 100_000);
    expect([whole.length, part.length]).toEqual([0, 0]);
  });

  it('takes several parts of one memory', () => {
    const whole = Buffer.alloc(100_000, 'x');
    giveBack([whole.subarray(0, 10), whole.subarray(10), whole]);
    expect(whole).toHaveLength(0);
  });

  it.each([
    ['of a text', Buffer.from('pooled')],
    ['put together', Buffer.concat([Buffer.from('poo'), Buffer.from('led')])],
  ])('leaves alone what is in the pool: a short buffer %s', (_title, pooled) => {
    giveBack([pooled]);
    expect(pooled.toString()).toBe('pooled');
  });

  it('takes none, and what is empty', () => {
    giveBack([]);
    giveBack([Buffer.alloc(0)]);
  });
});
