import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { EVENTS } from '../src/observability/log-events.ts';
import { type ProxyProcess, useProxyProcess } from './proxy-process.ts';

const launcher = useProxyProcess();
const { message: CHANGED } = EVENTS.logLevel;

/** The levels that the process has announced, after so many signals. */
async function switched(proxy: ProxyProcess, times: number): Promise<unknown[]> {
  let lines: Record<string, unknown>[] = [];
  for (let count = 1; count <= times; count += 1) {
    proxy.child.kill('SIGUSR2');
    lines = await proxy.linesWith('message', CHANGED, count);
  }
  return lines.map((line) => line['bookings.log_level']);
}

/** The levels of the lines of a probe and a create. */
async function loggedLevels(proxy: ProxyProcess): Promise<unknown[]> {
  // Other probes have made sure that the process listens.
  const id = crypto.randomUUID();
  const headers = { 'client-request-id': id };
  await proxy.request('GET', '/livez', { headers });
  await proxy.create({ headers });
  await proxy.stop();
  return proxy.logLines
    .filter((line) => line['bookings.client_request_id'] === id)
    .map((line) => line['log.level']);
}

describe('SIGUSR2', () => {
  it.each([
    ['info', 1, ['debug'], ['debug', 'info']],
    ['info', 2, ['debug', 'info'], ['info']],
    ['warn', 1, ['debug'], ['debug', 'info']],
    ['warn', 2, ['debug', 'warn'], []],
    ['silent', 2, ['debug', 'silent'], []],
    ['debug', 1, ['info'], ['info']],
    ['debug', 2, ['info', 'debug'], ['debug', 'info']],
  ])('switches the level: LOG_LEVEL=%s, %i times', async (level, times, announced, logged) => {
    const proxy = await launcher.startUnlogged({ LOG_LEVEL: level });
    expect(await switched(proxy, times)).toEqual(announced);
    expect(await loggedLevels(proxy)).toEqual(logged);
  });

  it('is sent by the command in docs/logs.md', async () => {
    const page = await readFile(new URL('../../../docs/logs.md', import.meta.url), 'utf8');
    const [, code = ''] = /exec POD -- node -e "([^"]+)"/.exec(page) ?? [];
    const proxy = await launcher.start();
    const { pid = 0 } = proxy.child;
    await promisify(execFile)(process.execPath, ['-e', code.replace('(1,', `(${pid},`)]);
    await proxy.lineWith('bookings.log_level', 'debug');
    expect(await proxy.stop()).toEqual([0, null]);
  });

  it('is the only way: no request on either port changes the level', async () => {
    const proxy = await launcher.start({ MANAGEMENT_PORT: '0' });
    const paths = ['/log-level', '/loglevel', '/loggers', '/log', '/logging'];
    const urls = [proxy.url, proxy.managementUrl].flatMap((url) =>
      paths.map((path) => `${url}${path}?level=debug`),
    );
    for (const url of urls) {
      for (const method of ['PUT', 'POST', 'PATCH']) {
        const headers = { 'content-type': 'application/json' };
        const body = JSON.stringify({ level: 'debug' });
        const response = await fetch(url, { method, headers, body });
        await response.text();
        expect([url, method, response.status]).toEqual([url, method, 404]);
      }
    }
    // It would have a line at level debug.
    await fetch(`${proxy.managementUrl}/livez`).then((response) => response.text());
    await proxy.stop();
    const requests = proxy.logLines.filter((line) => line['http.request.method'] !== undefined);
    expect(requests.map((line) => line['http.response.status_code'])).toEqual(
      Array(urls.length * 3).fill(404),
    );
    expect(proxy.logLines.filter(({ message }) => message === CHANGED)).toEqual([]);
  });
});
