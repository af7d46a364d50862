import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseCertificate } from './client-certificate.ts';
import { CredentialFile, parseSecret } from './credential-file.ts';
import { selfSigned } from './self-signed.fixture.ts';

const SETTING = 'AZURE_SOMETHING';
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'credential-file-'));
  path = join(folder, 'credential');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A file with what its listener is told. */
function listening<T>(parse: (text: string) => T) {
  const file = new CredentialFile(SETTING, path, parse);
  const changes: (string | undefined)[] = [];
  file.onChange((fault) => changes.push(fault?.message));
  return { file, changes };
}

describe('a file with a credential', () => {
  it('is in use as soon as it has changed', () => {
    const { file, changes } = listening(parseSecret);
    const secrets = ['one', 'one\n', 'two\n'].map((text) => {
      writeFileSync(path, text);
      return file.read();
    });
    expect(secrets).toEqual(['one', 'one', 'two']);
    expect(file.read()).toBe('two');
    expect(changes).toEqual([undefined, undefined]);
  });

  it('gives a certificate with its own thumbprint', () => {
    const { file } = listening(parseCertificate);
    const thumbprints = [selfSigned(), selfSigned()].map(({ certificate, privateKey }) => {
      writeFileSync(path, certificate + privateKey);
      return file.read().thumbprintSha256;
    });
    expect(new Set(thumbprints).size).toBe(2);
  });

  it('leaves the last credential in use while it cannot be used, and says so once', () => {
    const { file, changes } = listening(parseSecret);
    const texts = ['one', '', '', 'two words', 'two words', '', 'two'];
    const secrets = texts.map((text) => {
      writeFileSync(path, text);
      return file.read();
    });
    expect(secrets).toEqual(['one', 'one', 'one', 'one', 'one', 'one', 'two']);
    rmSync(path);
    expect(file.read()).toBe('two');
    const [empty, more] = ['names an empty file', 'names a file with more than a secret'];
    const faults = [empty, more, empty, undefined, 'names a file that does not exist'];
    expect(changes).toEqual(faults.map((fault) => fault && `${SETTING} ${fault}`));
  });

  it('is an error while it could never be used, and is used once it can', () => {
    const { file, changes } = listening(parseSecret);
    expect(() => file.read()).toThrow(`${SETTING} names a file that does not exist`);
    writeFileSync(path, 'one');
    expect(file.read()).toBe('one');
    expect(changes).toEqual([]);
  });

  it('is usable again as soon as it has its earlier text again', () => {
    const { file, changes } = listening(parseSecret);
    for (const text of ['one', 'two words', 'one', 'one']) {
      writeFileSync(path, text);
      expect(file.read()).toBe('one');
    }
    expect(changes).toStrictEqual([`${SETTING} names a file with more than a secret`, undefined]);
  });

  it('is not read if it is too large', () => {
    const { file } = listening(parseSecret);
    writeFileSync(path, 'one');
    // Has no blocks on the disk.
    truncateSync(path, 2 ** 30);
    expect(() => file.read()).toThrow(`${SETTING} names a file that is too large for a credential`);
  });

  it('is not a device, which would never end', () => {
    const file = new CredentialFile(SETTING, '/dev/zero', parseSecret);
    expect(() => file.read()).toThrow(`${SETTING} is not a file`);
  });
});
