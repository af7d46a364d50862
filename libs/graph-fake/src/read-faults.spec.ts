import { describe, expect, it } from '@jest/globals';
import type { Fault } from './faults.ts';
import { readFaults } from './read-faults.ts';

describe('reading a fault script', () => {
  const every: Fault[] = [
    { kind: 'status', status: 503, body: { a: 1 }, headers: { a: 'b' }, contentType: 'text/plain' },
    { kind: 'answer-after-stored', status: 500, times: 3 },
    { kind: 'delay', delayMs: 10 },
    { kind: 'reset', when: 'before-stored' },
    { kind: 'silence', when: 'after-stored' },
    { kind: 'drip', intervalMs: 1 },
    { kind: 'truncate' },
    { kind: 'endless' },
    { kind: 'display-name-is-email' },
    { kind: 'pass', times: 2 },
    { kind: 'status', status: 400, endpoint: 'token' },
    { kind: 'pass', endpoint: 'token' },
  ];
  it.each(every)('takes $kind $endpoint', (fault) => {
    expect(readFaults([fault])).toEqual([fault]);
  });

  it.each([
    [{}, 'faults: expected an array'],
    [[{ kind: 'pass' }, 'reset'], 'faults[1]: expected an object'],
    [[{ kind: 'crash' }], 'faults[0].kind: expected one of status'],
    [[{}], 'faults[0].kind: expected one of'],
    [[{ kind: 'pass', times: 0 }], 'faults[0].times: expected a whole number from 1'],
    [[{ kind: 'status' }], 'faults[0].status: expected a whole number'],
    [
      [{ kind: 'status', status: 100 }],
      'faults[0].status: expected a whole number from 200 to 999',
    ],
    [[{ kind: 'status', status: 500, headers: [] }], 'faults[0].headers: expected an object'],
    [
      [{ kind: 'status', status: 500, headers: { a: 1 } }],
      'faults[0].headers.a: expected a string',
    ],
    [[{ kind: 'status', status: 500, headers: { 'a b': '' } }], 'faults[0].headers.a b: expected'],
    [[{ kind: 'status', status: 500, headers: { a: '\n' } }], 'faults[0].headers.a: expected'],
    [[{ kind: 'status', status: 500, contentType: 1 }], 'faults[0].contentType: expected a string'],
    [[{ kind: 'delay', delayMs: 0.5 }], 'faults[0].delayMs: expected a whole number'],
    [[{ kind: 'pass', endpoint: 'graph' }], 'faults[0].endpoint: expected one of token'],
    [[{ kind: 'truncate', endpoint: 'token' }], 'faults[0].endpoint: expected no such member'],
    [[{ kind: 'drip' }], 'faults[0].intervalMs: expected a whole number'],
    [[{ kind: 'reset', when: 'later' }], 'faults[0].when: expected one of before-stored'],
    [[{ kind: 'delay', delayMs: 1, status: 500 }], 'faults[0].status: expected no such member'],
  ])('refuses %j and names what is wrong', (script, message) => {
    expect(() => readFaults(script)).toThrow(TypeError);
    expect(() => readFaults(script)).toThrow(message);
  });
});
