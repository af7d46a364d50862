import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { federatedToken } from './federated-token.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'federated-'));
  writeFileSync(join(folder, 'token'), 'federated\n');
  writeFileSync(join(folder, 'empty'), '\n');
  writeFileSync(join(folder, 'large'), 'federated');
  // Has no blocks on the disk.
  truncateSync(join(folder, 'large'), 2 ** 30);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the file of the federated token', () => {
  it('may end with a line break', async () => {
    expect(await federatedToken(join(folder, 'token'))).toBe('federated');
  });

  it.each([
    ['empty', 'is empty'],
    ['absent', 'cannot be read (ENOENT)'],
    ['.', 'is not a file'],
    ['pipe', 'is not a file'],
    ['large', 'is too large'],
  ])('cannot be used: %s', async (name, fault) => {
    await expect(federatedToken(join(folder, name))).rejects.toMatchObject({
      name: 'AuthenticationUnreadable',
      message: `the file of the federated token ${fault}`,
    });
  });

  it('cannot be a device, which would never end', async () => {
    await expect(federatedToken('/dev/zero')).rejects.toThrow('is not a file');
  });
});
