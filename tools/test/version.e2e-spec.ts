import { readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import manifest from '../../package.json' with { type: 'json' };
import { member, parseJson } from '../pact/loose-json.ts';
import { ROOT } from './command.ts';

const { version, workspaces } = manifest;
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const locked = member(parseJson(read('package-lock.json')), 'packages');
/** The folders of this workspace that have a package. The root is ''. */
const folders = Object.keys(locked ?? {}).filter(
  (folder) => folder === '' || workspaces.some((pattern) => matchesGlob(folder, pattern)),
);

describe('the version in the package.json of the root', () => {
  it.each(folders)('is the version of "%s", in its package.json and in the lock', (folder) => {
    const own = parseJson(read(join(folder, 'package.json')));
    const versions = [own, member(locked, folder)].map((each) => member(each, 'version'));
    expect(versions).toEqual([version, version]);
  });

  it('is the newest release in CHANGELOG.md', () => {
    const [, released] =
      /^## \[(\d[^\]]*)\] - \d{4}-\d{2}-\d{2}$/m.exec(read('CHANGELOG.md')) ?? [];
    expect(released).toBe(version);
  });
});

describe('the client, which is a package of its own', () => {
  it('has the license of the root', () => {
    expect(read('libs/client/LICENSE')).toBe(read('LICENSE'));
  });
});
