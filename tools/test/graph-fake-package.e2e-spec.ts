import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { killAfterTest } from './child-processes.ts';
import { ROOT } from './command.ts';
import { NODES, bin, blocks, install, manifest, pack, run } from './packed-library.ts';

const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2022',
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  },
  include: ['*.mts'],
};
const COMMAND = 'node_modules/@bookings/graph-fake/dist/cli.js';

let folder: string;
let examples: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bookings-fake-'));
  examples = await blocks('libs/graph-fake/README.md', 'js');
  const files = {
    'package.json': '{ "private": true, "scripts": { "graph-fake": "graph-fake --port 0" } }',
    'tsconfig.json': JSON.stringify(TSCONFIG),
    ...Object.fromEntries(examples.map((text, index) => [`example-${index}.mjs`, text])),
    ...Object.fromEntries(examples.map((text, index) => [`example-${index}.mts`, text])),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  // Its only dependency, from the packages of this workspace instead of a registry.
  const jose = await pack('node_modules/jose', folder);
  await install(folder, [jose, await pack('libs/graph-fake', folder)]);
});
afterAll(() => rm(folder, { recursive: true }));

describe('the packed fake, installed in an empty folder', () => {
  it.each(NODES)('starts by one call under $which, as in its README', async ({ node }) => {
    expect(examples).toHaveLength(1);
    const { stdout, stderr } = await run(node, ['example-0.mjs'], {
      cwd: folder,
      // Without FORCE_COLOR, which Nx sets.
      env: { PATH: process.env['PATH'] },
    });
    expect([stdout, stderr]).toEqual(['201 Joni Sherman\n504 1 customer\n', '']);
  });

  it.each(NODES)('starts by one command under $which', async ({ node }) => {
    const args = [COMMAND, '--port', '0', '--business', '*'];
    const fake = spawn(node, args, {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    killAfterTest(fake);
    const exit = once(fake, 'exit');
    const lines = createInterface({ input: fake.stdout })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    const [url = ''] = /http:\S+$/.exec(String(value)) ?? [];
    const response = await fetch(`${url}/__fake/requests`);
    expect(await response.json()).toMatchObject({ requests: [] });
    fake.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });

  it('stops when npm, which started it by a script, gets SIGTERM', async () => {
    const npm = spawn('npm', ['run', 'graph-fake'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
      detached: true,
    });
    killAfterTest(npm);
    const closed = once(npm, 'close');
    const lines = createInterface({ input: npm.stdout })[Symbol.asyncIterator]();
    let url: string | undefined;
    while (url === undefined) {
      const { value } = await lines.next();
      [url] = /http:\S+$/.exec(String(value)) ?? [];
    }
    expect((await fetch(`${url}/__fake/requests`)).status).toBe(200);
    npm.kill('SIGTERM');
    // The fake has the other end of the pipe, which closes when it ends.
    await closed;
    await expect(fetch(url)).rejects.toThrow();
  });

  it('has its command in node_modules/.bin, with a usage', async () => {
    const { stdout } = await run(join(folder, 'node_modules/.bin/graph-fake'), ['--help'], {
      env: { PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` },
    });
    expect(stdout).toMatch(/^usage: graph-fake \[--port 4010\]/);
  });

  it('has complete types', async () => {
    const checked = run(process.execPath, [bin('tsc')], { cwd: folder });
    // tsc prints its errors to stdout.
    const said = await checked.catch((error: unknown) => error);
    expect(said).toMatchObject({ stdout: '', stderr: '' });
  });

  it('depends on jose alone', async () => {
    const described = await manifest(join(folder, 'node_modules/@bookings/graph-fake'));
    expect(Object.keys(described.get('dependencies') ?? {})).toEqual(['jose']);
  });
});
