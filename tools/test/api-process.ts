import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { apiEnvironment, ready } from '../local-api.ts';
import { ROOT } from './command.ts';
import { freePort } from './local-harness.ts';

/** The built API in a process of its own, in front of a fake in this process. */
export interface ApiProcess {
  readonly url: string;
  readonly fake: GraphFake;
  /** An application's token that may do everything. */
  readonly token: string;
  readonly stop: () => Promise<void>;
}

export async function startApi(): Promise<ApiProcess> {
  const fake = await GraphFake.start();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const api = spawn(process.execPath, [join(ROOT, 'apps/api/dist/main.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: apiEnvironment(proxyEnvironment(fake), port),
  });
  const exit = once(api, 'exit');
  const ended = new AbortController();
  api.once('exit', () => {
    ended.abort();
  });
  const stop = async (): Promise<void> => {
    api.kill('SIGKILL');
    await exit;
    await fake.close();
  };
  if (!(await ready(url, ended.signal))) {
    await stop();
    throw new Error('The API ended before it was ready.');
  }
  const token = await fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
  return { url, fake, token, stop };
}
