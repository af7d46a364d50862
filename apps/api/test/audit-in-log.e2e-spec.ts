import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { NamedPipe } from '../src/audit/named-pipe.fixture.ts';
import { silenceBefore } from './faults.ts';
import { jsonObject } from './json.ts';
import { useProxyProcess } from './proxy-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const launcher = useProxyProcess();

describe('the audit in the log', () => {
  it('has the intent of a create before Graph receives it, even if the process is killed', async () => {
    const { fake } = launcher;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const proxy = await launcher.start();
      fake.forget();
      fake.script([silenceBefore()]);
      const creating = proxy.create().catch(() => undefined);
      await fake.arrived(1);
      proxy.child.kill('SIGKILL');
      await Promise.all([proxy.exit, creating]);
      const records = proxy.stdout.split('\n').map((line) => jsonObject(line)['record']);
      expect(records).toContain('intent');
    }
  });

  it('refuses a write whose intent cannot be written within 2 s, and serves other requests meanwhile', async () => {
    const pipe = new NamedPipe(join(temporaryFolder(), 'pipe'));
    const descriptor = openSync(pipe.path, 'r+');
    const proxy = await launcher.startUnlogged({}, { stdout: descriptor });
    // More lines than the pipe can buffer.
    for (let count = 0; count < 600; count += 1) await proxy.get('/nothing');
    const creating = proxy.create();
    expect((await proxy.get('/livez')).status).toBe(200);
    const refused = await creating;
    expect(refused.status).toBe(503);
    expect(refused.error).toMatchObject({
      code: 'ServiceUnavailable',
      innerError: { outcome: 'not-sent' },
    });
    expect(launcher.fake.requests().requests).toEqual([]);
    await proxy.readyWhen(({ text }) => text.includes('writes are refused'));
    await pipe.lines(1);
    // The log accepts lines again once the pipe is read.
    const reading = pipe.lines(600);
    let status = 0;
    while (status !== 201) ({ status } = await proxy.create());
    await reading;
    closeSync(descriptor);
    await pipe.close();
  });

  it('refuses writes while the disk is full, and serves other requests', async () => {
    const full = openSync('/dev/full', 'w');
    const proxy = await launcher.startUnlogged({}, { stdout: full });
    for (let count = 0; count < 3; count += 1) expect((await proxy.create()).status).toBe(503);
    expect((await proxy.get('/livez')).status).toBe(200);
    expect(launcher.fake.requests().requests).toEqual([]);
    closeSync(full);
  });
});
