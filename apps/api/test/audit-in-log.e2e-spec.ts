import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { NamedPipe } from '../src/audit/named-pipe.fixture.ts';
import { MAIN, freePort, serve } from './production-process.ts';
import { CREATE_PERMISSION, DOCUMENTED_REQUEST, customersPath, jsonObject } from './stack.ts';
import { stateUrl } from './state-folder.ts';

let fake: GraphFake;
let token: string;
let folder: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  fake = await GraphFake.start();
  token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
});
afterAll(async () => {
  await fake.close();
});
beforeEach(async () => {
  fake.forget();
  folder = await mkdtemp(join(tmpdir(), 'log-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

function create(address: string): Promise<Response> {
  return fetch(`${address}${customersPath()}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: DOCUMENTED_REQUEST,
  });
}

/** The process with `descriptor` as its stdout, as soon as it answers. */
async function serveInto(descriptor: number): Promise<{ child: ChildProcess; address: string }> {
  const port = await freePort();
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', descriptor, 'inherit'],
    env: { ...proxyEnvironment(fake), STATE_URL: stateUrl(), PORT: String(port) },
  });
  children.push(child);
  const address = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${address}/livez`).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error('the process ended before it listened');
  }
  return { child, address };
}

describe('the audit in the log', () => {
  it('has the intent of a create before Graph gets its request, also when the process is killed', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const { child, address } = await serve(fake);
      const lines: string[] = [];
      const read = createInterface({ input: child.stdout });
      read.on('line', (line) => lines.push(line));
      const closed = once(read, 'close');
      fake.forget();
      fake.script([{ kind: 'silence', when: 'before-stored' }]);
      const running = create(address).catch(() => undefined);
      await fake.arrived(1);
      child.kill('SIGKILL');
      await Promise.all([closed, running]);
      expect(lines.map((line) => jsonObject(line)['record'])).toContain('intent');
    }
  });

  it('refuses a write whose intent cannot be written within 2 s, and nothing stops meanwhile', async () => {
    const pipe = new NamedPipe(join(folder, 'pipe'));
    const descriptor = openSync(pipe.path, 'r+');
    const { address } = await serveInto(descriptor);
    // More lines than the pipe holds.
    for (let count = 0; count < 600; count += 1) await fetch(`${address}/nothing`);
    const refused = create(address);
    expect((await fetch(`${address}/livez`)).status).toBe(200);
    const answer = await refused;
    expect(answer.status).toBe(503);
    expect(jsonObject(await answer.text())).toMatchObject({
      error: { code: 'ServiceUnavailable', innerError: { outcome: 'not-sent' } },
    });
    expect(fake.requests().requests).toEqual([]);
    expect(await (await fetch(`${address}/readyz`)).text()).toContain('writes are refused');
    await pipe.lines(1);
    // Read on, the log takes lines again.
    const reading = pipe.lines(600);
    let status = 0;
    while (status !== 201) ({ status } = await create(address));
    await reading;
    closeSync(descriptor);
    await pipe.close();
  });

  it('refuses writes and goes on while the disk is full', async () => {
    const full = openSync('/dev/full', 'w');
    const { address } = await serveInto(full);
    for (let count = 0; count < 3; count += 1) expect((await create(address)).status).toBe(503);
    expect((await fetch(`${address}/livez`)).status).toBe(200);
    expect(fake.requests().requests).toEqual([]);
    closeSync(full);
  });
});
