import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Ended, run } from '../command.ts';
import { METADATA, METADATA_FILE, PERMISSIONS, PERMISSIONS_FILE } from './documents.ts';

const drift = (...args: string[]) => run('drift/drift.ts', args, {});

let folder: string;
const closing: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drift-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  for (const close of closing.splice(0)) close();
});

function file(content: string | Buffer): string {
  const path = join(folder, 'document');
  writeFileSync(path, content);
  return path;
}

/** Serves one document on loopback, and returns its URL. */
async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/document`;
}

describe('npm run drift', () => {
  it('exits with 0 when Graph says what the project knows', async () => {
    const ended = await drift('--metadata', METADATA_FILE, '--permissions', PERMISSIONS_FILE);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^No drift\.\n/);
    expect(ended.stdout).toContain(
      '- proxy and fake: property physicalAddress/postOfficeBox and 1 more.',
    );
  });

  it('reads URLs', async () => {
    const metadata = await served((_request, response) => response.end(METADATA));
    const permissions = await served((_request, response) => response.end(PERMISSIONS));
    const ended = await drift('--metadata', metadata, '--permissions', permissions);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('says that it did not compare permissions without a list', async () => {
    const { code, stdout } = await drift('--metadata', METADATA_FILE);
    expect(code).toBe(0);
    expect(stdout).toContain('Permissions were not compared, because --permissions is missing.');
  });

  it('exits with 1 for drift, and says in a table what is breaking and what is additive', async () => {
    const changed = METADATA.replace(
      'Name="postalCode" Type="Edm.String"',
      'Name="postalCode" Type="Edm.Int32"',
    ).replace('Name="radio"', 'Name="wire"');
    const { code, stdout } = await drift('--metadata', file(changed));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Drift: 2 breaking, 1 additive\. /);
    const rows = stdout.split('\n').flatMap((line) => (line.startsWith('| ') ? [cells(line)] : []));
    expect(rows.filter(([grade]) => grade !== 'annotation')).toEqual([
      ['grade', 'what', 'change', 'differs from'],
      Array.from({ length: 4 }, () => expect.stringMatching(/^-+$/)),
      ['breaking', 'enum member phoneType/radio', 'is gone', 'proxy, fake'],
      [
        'breaking',
        'property physicalAddress/postalCode',
        'type is Edm.Int32, was Edm.String',
        'proxy, fake',
      ],
      ['additive', 'enum member phoneType/wire', 'is new: value 9', 'proxy, fake'],
    ]);
  });

  it('exits with 0 when only an annotation changed, and shows it', async () => {
    const { code, stdout } = await drift('--metadata', METADATA_FILE);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\| annotation +\| annotation solutionsRoot .*BatchSupported/m);
  });

  it('shows a name of Graph in one cell', async () => {
    const strange = METADATA.replace('Type="Edm.DateTimeOffset"', 'Type="a|b&lt;c&#xa;"');
    const { stdout } = await drift('--metadata', file(strange));
    expect(stdout).toContain(String.raw`type is a\|b\<c?, was Edm.DateTimeOffset`);
  });
});

describe('npm run drift exits with 2 and one line', () => {
  const says = ({ code, stdout, stderr }: Ended, ...parts: string[]) => {
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Could not compare: [^\n]*; [^\n]*\n$/);
    for (const part of parts) expect(stderr).toContain(part);
  };

  it.each([
    ['is empty', '', 'is no metadata of OData in XML'],
    ['is not well-formed', METADATA.slice(0, -20), 'is no metadata of OData in XML'],
    ['is a page', '<html><body>Sign in</body></html>', 'it begins with <html>'],
    ['is not XML', '{"error":{}}', 'is no metadata of OData in XML'],
    ['refers to an entity of its own', `<!DOCTYPE a [<!ENTITY b "c">]><Edmx>&b;</Edmx>`, 'entity'],
    ['nests without end', '<Edmx>'.repeat(2_500_000), '<Edmx> lies too deep'],
    [
      'has no bookingCustomer',
      METADATA.replaceAll('Name="bookingCustomer"', 'Name="a"'),
      'has no bookingCustomer',
    ],
    ['is too large', METADATA + ' '.repeat(17 * 1024 * 1024), 'more than 16 MiB'],
  ])('when the metadata %s', async (_title, content, part) => {
    says(await drift('--metadata', file(content)), part);
  });

  it.each([
    ['is not JSON', METADATA, 'is not JSON'],
    ['has another form', '{"permissions":[]}', 'has not the form of permissions.json'],
    [
      'has path sets of another form',
      '{"permissions":{"A":{"schemes":{},"pathSets":{}}}}',
      'has not the form',
    ],
    [
      'has a rule of another form',
      PERMISSIONS.replace('"least=DelegatedWork,Application"', 'null'),
      'has not the form',
    ],
    ['has a number as a method', PERMISSIONS.replace('["GET"]', '[1]'), 'has not the form'],
    [
      'does not describe a scheme',
      PERMISSIONS.replace('"schemes": {', '$& "Other": {} }, "more": {'),
      'has not the form',
    ],
    ['has no row for customers', '{"permissions":{}}', 'has no row for customers'],
  ])('when the list of permissions %s', async (_title, content, part) => {
    says(await drift('--metadata', METADATA_FILE, '--permissions', file(content)), part);
  });

  it.each([
    ['packed', gzipSync(METADATA)],
    ['in UTF-16', Buffer.from(`\ufeff${METADATA}`, 'utf16le')],
    ['not UTF-8 at its end', Buffer.concat([Buffer.from(METADATA), Buffer.of(0xff)])],
    ['cut off in a character', Buffer.concat([Buffer.from(METADATA), Buffer.of(0xc3)])],
  ])('when a document is %s', async (_title, content) => {
    const expected = 'is not UTF-8 text; unpack it, or save it as UTF-8';
    says(await drift('--metadata', file(content)), expected);
    says(await drift('--metadata', METADATA_FILE, '--permissions', file(content)), expected);
    const url = await served((_request, response) => response.end(content));
    says(await drift('--metadata', url), expected);
  });

  it('when a file is missing', async () => {
    says(await drift('--metadata', join(folder, 'none')), 'ENOENT', 'check the path');
  });

  it('when the server answers with an error', async () => {
    const url = await served((_request, response) => response.writeHead(503).end());
    says(await drift('--metadata', url), 'answered 503');
  });

  it('when no server is there', async () => {
    const url = await served((_request, response) => response.end());
    for (const close of closing.splice(0)) close();
    says(await drift('--metadata', url), 'ECONNREFUSED', 'or give a file instead');
  });

  it('when the server stops in the middle', async () => {
    const url = await served((_request, response) => response.write(METADATA.slice(0, 500)));
    says(await drift('--metadata', url, '--timeout-seconds', '1'), 'timeout');
  });

  it('when the server never stops', async () => {
    const piece = `<a>${'b'.repeat(1024 * 1024)}</a>`;
    const url = await served((_request, response) => {
      response.write('<Edmx>');
      const more = () => {
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', more);
      more();
    });
    says(await drift('--metadata', url), 'more than 16 MiB');
  });
});

it('exits with 2 and the usage for an argument that is wrong', async () => {
  const seconds = ['0', '-1', '0.5', '3601', '1e3', 'x', ''];
  for (const args of [['--meta'], ...seconds.map((each) => [`--timeout-seconds=${each}`])]) {
    const { code, stderr } = await drift('--metadata', METADATA_FILE, ...args);
    expect([args, code]).toEqual([args, 2]);
    expect(stderr).toContain('Usage: npm run drift');
  }
});

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
