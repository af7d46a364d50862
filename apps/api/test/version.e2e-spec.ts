import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import manifest from '../../../package.json' with { type: 'json' };
import { jsonObject, objectIn } from './json.ts';
import type { ProxyClient } from './proxy-client.ts';
import { DIST, ProxyProcess, useProxyProcess } from './proxy-process.ts';
import { Stack } from './stack.ts';
import { temporaryFolder } from './temporary-folder.ts';

const { version } = manifest;
const launcher = useProxyProcess();

async function expectVersionOverHttp(proxy: ProxyClient): Promise<void> {
  const { body } = await proxy.get('/openapi.json');
  expect(objectIn(body, 'info')['version']).toBe(version);
  expect(await proxy.metric(`bookings_build_info{version="${version}"}`)).toBe(1);
}

describe('the version in the package.json of the root', () => {
  it('is what --version prints, without settings and from a copy of the build', async () => {
    const copy = temporaryFolder();
    cpSync(DIST, copy, { recursive: true });
    const command = [process.execPath, join(copy, 'main.js'), '--version'] as const;
    const proxy = new ProxyProcess('', {}, { command });
    expect(await proxy.exit).toEqual([0, null]);
    expect([proxy.stdout, proxy.stderr]).toEqual([`${version}\n`, '']);
  });

  it('is in the start line, the metrics and the OpenAPI document of the build', async () => {
    const proxy = await launcher.start();
    await expectVersionOverHttp(proxy);
    await proxy.stop();
    expect(jsonObject(proxy.stdout.split('\n')[0] ?? '')).toMatchObject({
      message: 'listening',
      'service.version': version,
      'service.address': proxy.url,
    });
  });

  it('is in the metrics and the OpenAPI document of the source', async () => {
    const stack = await Stack.start();
    await expectVersionOverHttp(stack);
    await stack.stop();
  });
});
