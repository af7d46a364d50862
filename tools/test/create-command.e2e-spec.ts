import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { createCommand } from '../create-command.ts';

describe('the curl command of the local stack', () => {
  it.each(['/home/nora/proxy/a.json', "/home/nora/Nora's work/$HOME `x`/a.json"])(
    'is right for a shell where the file is %s',
    (file) => {
      const command = createCommand('http://127.0.0.1:3000', 'token', 'key', file);
      // A function of the shell prints each argument in a line.
      const script = `curl() { printf '%s\\n' "$@"; }\n${command}`;
      expect(
        execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n'),
      ).toEqual([
        '-i',
        'http://127.0.0.1:3000/v1.0/solutions/bookingBusinesses/Contosolunchdelivery@contoso.onmicrosoft.com/customers',
        ...['-H', 'Content-Type: application/json', '-H', 'Idempotency-Key: key'],
        ...['-d', `@${file}`, '-H', 'Authorization: Bearer token'],
      ]);
    },
  );
});
