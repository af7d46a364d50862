import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { apiEnvironment, ready } from '../local-api.ts';
import { killAfterFile } from './child-processes.ts';
import { ROOT } from './command.ts';
import { freePort } from './local-harness.ts';

/** Graph's limit for one mailbox, which the proxy keeps. */
const MAILBOX_CONCURRENCY = 4;

/** The built API in a process of its own, in front of a fake in this process. */
export interface ApiProcess {
  readonly url: string;
  readonly fake: GraphFake;
  /** An application's token that may do everything. */
  readonly token: string;
  readonly stop: () => Promise<void>;
}

// A test that fails while the API starts has nothing yet that it could stop.
const fakes: GraphFake[] = [];
afterAll(async () => {
  await Promise.all(fakes.splice(0).map((fake) => fake.close()));
});

export async function startApi(): Promise<ApiProcess> {
  const fake = await GraphFake.start();
  fakes.push(fake);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const api = spawn(process.execPath, [join(ROOT, 'apps/api/dist/main.js')], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: apiEnvironment(proxyEnvironment(fake), port),
  });
  killAfterFile(api);
  const exit = once(api, 'exit');
  const ended = new AbortController();
  api.once('exit', () => {
    ended.abort();
  });
  const stop = async (): Promise<void> => {
    api.kill('SIGKILL');
    await exit;
    await fake.close();
    if (fake.peakOfWork > MAILBOX_CONCURRENCY) {
      throw new Error(`Graph had work for ${fake.peakOfWork} requests at one mailbox.`);
    }
  };
  if (!(await ready(url, ended.signal))) {
    await stop();
    throw new Error('The API ended before it was ready.');
  }
  const token = await fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
  return { url, fake, token, stop };
}
