import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parseJson } from '../pact/loose-json.ts';
import { ROOT } from './command.ts';
import { launchConfiguration } from './launch-configuration.ts';

const run = promisify(execFile);

describe('the launch configuration "Opened test"', () => {
  it.each([
    ['a unit test', 'apps/api/src/config/served.spec.ts'],
    ['an end-to-end test', 'tools/test/version.e2e-spec.ts'],
  ])('runs %s alone, in the process that is debugged', async (_title, path) => {
    const { cwd, args } = launchConfiguration('Opened test', join(ROOT, path));
    const env = { PATH: process.env['PATH'] };
    const { stderr } = await run(process.execPath, [...args], { cwd, env });
    expect(stderr).toMatch(/^Test Suites: 1 passed, 1 total$/m);
  });
});

describe('.editorconfig', () => {
  it("agrees with Prettier's configuration and defaults", async () => {
    const script = `
      import { resolveConfig } from 'prettier';
      for (const editorconfig of [false, true]) {
        const found = await resolveConfig('tools/token.ts', { editorconfig });
        console.log(JSON.stringify(found));
      }
    `;
    const args = ['--input-type=module', '--eval', script];
    const { stdout } = await run(process.execPath, args, { cwd: ROOT });
    const [own, both] = stdout.split('\n').map(parseJson);
    expect(both).toEqual({ tabWidth: 2, useTabs: false, endOfLine: 'lf', ...Object(own) });
  });
});
