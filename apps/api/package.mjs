// Makes dist/bookings-proxy, the folder that is deployed: all that the process needs besides Node.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { componentsOf } from './deploy/package/components.ts';
import { licenses } from './deploy/package/licenses.ts';
import { LockFile } from './deploy/package/lock-file.ts';
import { sbom } from './deploy/package/sbom.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'dist/bookings-proxy');
/** Packages of which files are copied. */
const COPIED = ['node_modules/swagger-ui-dist'];

const readJson = async (path) => JSON.parse(await readFile(join(ROOT, path), 'utf8'));
const write = (name, text) => writeFile(join(FOLDER, name), text);
const json = (value) => `${JSON.stringify(value, undefined, 2)}\n`;

const { bundled, metafile } = await bundle('../../dist/bookings-proxy');
await bundled.dispose();

const { components, ofRoot } = componentsOf(
  metafile,
  new LockFile(join(ROOT, 'package-lock.json')),
  {
    root: ROOT,
    bundleFolder: import.meta.dirname,
    copied: COPIED,
  },
);
const { name, version, license, type, engines } = await readJson('package.json');
const scripts = { start: 'node main.js' };
await write(
  'package.json',
  json({ name, version, private: true, license, type, engines, scripts }),
);
await write('sbom.cdx.json', json(sbom({ name, version, license }, components, ofRoot)));
await write('THIRD-PARTY-LICENSES.txt', licenses(ROOT, components));
await copyFile(
  join(import.meta.dirname, 'deploy/healthcheck.mjs'),
  join(FOLDER, 'healthcheck.mjs'),
);
await copyFile(join(ROOT, 'LICENSE'), join(FOLDER, 'LICENSE'));
console.log(
  `dist/bookings-proxy has bookings-proxy ${version} with ${components.length} packages.`,
);
