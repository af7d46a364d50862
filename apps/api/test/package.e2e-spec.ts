import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import manifest from '../../../package.json' with { type: 'json' };
import { PACKAGE, OTHER_USER, packagesInSourceMaps, readOnlyPackage } from './package-folder.ts';
import { ProxyProcess, useProxyProcess } from './proxy-process.ts';

const launcher = useProxyProcess();
const read = (name: string) => readFileSync(join(PACKAGE, name), 'utf8');

interface Bom {
  readonly components: {
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly 'bom-ref': string;
    readonly hashes: { readonly content: string }[];
    readonly licenses: { readonly license: { readonly id: string } }[];
  }[];
  readonly dependencies: { readonly ref: string; readonly dependsOn: string[] }[];
}
const bom = () => JSON.parse(read('sbom.cdx.json')) as Bom & Record<string, unknown>;

describe('the package in an empty folder that is read-only', () => {
  it('creates the documented customer as another user', async () => {
    const { folder, writable } = readOnlyPackage();
    const proxy = await launcher.start(
      { STATE_URL: `sqlite:${writable}/state.db`, AUDIT_FILE: `${writable}/audit.jsonl` },
      { command: [process.execPath, join(folder, 'main.js')], cwd: folder, ...OTHER_USER },
    );
    expect((await proxy.create({ headers: { 'idempotency-key': 'first' } })).status).toBe(201);
    expect(await proxy.stop()).toEqual([0, null]);
    expect(proxy.stderr).toBe('');
  });

  it('prints its version, and has the version in its package.json', async () => {
    const { folder } = readOnlyPackage();
    const command = [process.execPath, join(folder, 'main.js'), '--version'] as const;
    const proxy = new ProxyProcess('', {}, { command, cwd: folder, ...OTHER_USER });
    expect(await proxy.exit).toEqual([0, null]);
    expect(proxy.stdout).toBe(`${manifest.version}\n`);
    expect(JSON.parse(read('package.json'))).toMatchObject({
      version: manifest.version,
      engines: { node: '>=24' },
    });
  });
});

describe('the files of the package', () => {
  it('have their source maps beside them', () => {
    const files = readdirSync(PACKAGE).filter((file) => file.endsWith('.js'));
    const bundled = files.filter((file) => file !== 'main.js');
    expect(bundled).toContain('bootstrap.js');
    expect(bundled.filter((file) => !existsSync(join(PACKAGE, `${file}.map`)))).toEqual([]);
  });

  it('list in the SBOM what is inside the bundle, and no tool of development', () => {
    const names = new Set(bom().components.map(({ name }) => name));
    // Its files are copied, not bundled.
    expect([...names].sort()).toEqual([...packagesInSourceMaps(), 'swagger-ui-dist'].sort());
    expect(names).not.toContain('esbuild');
    expect([...names]).toEqual(expect.arrayContaining(['fastify', 'jose', 'pg', 'undici']));
  });

  it('describe each component once, with digest and licence, in an SBOM of CycloneDX', () => {
    const { components, dependencies, ...rest } = bom();
    expect(rest).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: { component: { name: 'bookings-proxy', version: manifest.version } },
    });
    const refs = components.map((component) => component['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    for (const { name, version, purl, hashes, licenses } of components) {
      expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
      expect(hashes[0]?.content).toMatch(/^[0-9a-f]{128}$/);
      expect(licenses[0]?.license.id).toMatch(/^[\w.-]+$/);
    }
    const known = ['pkg:npm/bookings-proxy@' + manifest.version, ...refs];
    expect(dependencies.map(({ ref }) => ref)).toEqual(known);
    const named = dependencies.flatMap(({ dependsOn }) => dependsOn);
    expect(named.filter((ref) => !known.includes(ref))).toEqual([]);
    expect(named).toContain(refs.find((ref) => ref.startsWith('pkg:npm/find-my-way@')));
  });

  it('have the licence of each component and its text', () => {
    const text = read('THIRD-PARTY-LICENSES.txt');
    for (const { name, version, licenses } of bom().components) {
      const title = `${name} ${version}: ${licenses[0]?.license.id}`;
      expect(text.split(`${title}\n`)).toHaveLength(3);
    }
    expect(text).toContain('Copyright (c) 2018 Filip Skokan');
  });
});
