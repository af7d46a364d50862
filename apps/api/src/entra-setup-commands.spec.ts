import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseCertificate } from './config/client-certificate.ts';
import { read } from './documents.fixture.ts';

const PAGE = read('docs/entra-setup.md');
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'entra-setup-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The command of the page that begins with `start`. */
function command(start: string): string {
  const found = PAGE.split(/[`\n]/).find((line) => line.trim().startsWith(start));
  if (found === undefined) throw new Error(`The page has no command ${start}`);
  return found.trim();
}

function sh(text: string, env: Record<string, string> = {}): string {
  const options = { cwd: folder, env: { PATH: process.env['PATH'], ...env } };
  return execFileSync('sh', ['-c', text], { ...options, encoding: 'utf8', stdio: 'pipe' });
}

describe('the commands of docs/entra-setup.md', () => {
  (hasOpenssl ? it : it.skip)('make a certificate file that the process accepts', () => {
    sh(command('openssl req'));
    sh(command('(umask 077'));
    const file = join(folder, 'bookings-proxy.pem');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(parseCertificate(readFileSync(file, 'utf8')).thumbprintSha256).toMatch(/^[\dA-F]{64}$/);
    expect(sh(command('openssl x509'))).toMatch(/fingerprint=(?:[\dA-F]{2}:){19}[\dA-F]{2}$/im);
  });

  it('print the claims of a federated token', () => {
    const claims = { iss: 'https://oidc.contoso.com/', sub: 'a:b', aud: ['api://x'] };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const file = join(folder, 'token');
    writeFileSync(file, `e30.${payload}.signature`);
    const printed = sh(command('node -p'), { AZURE_FEDERATED_TOKEN_FILE: file });
    for (const value of [claims.iss, claims.sub, ...claims.aud]) expect(printed).toContain(value);
  });
});
