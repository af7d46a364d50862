import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from './command.ts';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}
interface Manifest {
  readonly allowScripts: Record<string, boolean>;
  readonly scarfSettings: { readonly enabled: boolean };
}
interface Bom {
  readonly components: { readonly name: string; readonly version: string }[];
}

const json = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const { packages } = json('package-lock.json') as { packages: Record<string, LockedPackage> };
const manifest = json('package.json') as Manifest;
const installed = Object.entries(packages).filter(
  ([folder, { link }]) => folder.includes('node_modules/') && link !== true,
);
const nameOf = (folder: string) => folder.replace(/^.*node_modules\//, '');

describe('a package in the lock file', () => {
  it('has a decision in allowScripts if it has an install script', () => {
    const withScript = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = [...new Set(withScript.map(([folder]) => nameOf(folder)))];
    expect(Object.keys(manifest.allowScripts).sort()).toEqual(names.sort());
  });

  it('has a digest', () => {
    const without = installed.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));
    expect(without.map(([folder]) => folder)).toEqual([]);
  });

  it('is no tool of development if it is in the package that is deployed', () => {
    const { components } = json('dist/bookings-proxy/sbom.cdx.json') as Bom;
    const audited = installed
      .filter(([, { dev }]) => dev !== true)
      .map(([folder, { version }]) => `${nameOf(folder)} ${version}`);
    const missing = components
      .map(({ name, version }) => `${name} ${version}`)
      .filter((component) => !audited.includes(component));
    // npm audit --omit=dev does not look at them.
    expect(missing).toEqual([]);
  });
});

describe('the install script of @scarf/scarf', () => {
  it('is switched off, and sends nothing where npm does not know the switch', () => {
    expect(manifest.allowScripts['@scarf/scarf']).toBe(false);
    expect(manifest.scarfSettings.enabled).toBe(false);
  });
});
