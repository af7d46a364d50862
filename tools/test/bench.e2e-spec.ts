import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { closedLoop, LEFT, LOST, openLoop } from '../bench/load.ts';
import { type Measured, median, percentile, table, verdict } from '../bench/report.ts';
import { run } from './command.ts';

/** A round of the proxy and its peers in which all guard rails hold. */
function round(different: Partial<Record<string, Partial<Measured>>> = {}): Measured[] {
  const cpus = { proxy: 150, bare: 100, fastify: 180, 'nest-fastify': 300, nest: 1000 };
  return Object.entries(cpus).map(([server, cpuUs]) => ({
    ...{ server, cpuUs, readyMs: 300, perSecond: 5000, cpuAtRateUs: 400, p50Ms: 1, p99Ms: 3 },
    ...{ residentMb: 150, others: 0.02, ...different[server] },
  }));
}

describe('the arithmetic of the benchmark', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[], NaN],
  ])('the median of %j is %d', (numbers, expected) => {
    expect(median(numbers)).toBe(expected);
  });

  it.each([
    [0.5, 500],
    [0.99, 990],
    [1, 1000],
  ])('the quantile %d of the numbers from 1 to 1000 is %d', (part, expected) => {
    const sorted = Float64Array.from({ length: 1000 }, (_none, index) => index + 1);
    expect(percentile(sorted, part)).toBe(expected);
  });

  it('an empty list has no percentile', () => {
    expect(percentile([], 0.99)).toBeNaN();
  });

  it('the ratio is the median over the rounds', () => {
    const slow = { proxy: { cpuUs: 900 }, bare: { cpuUs: 1000 } };
    const slower = { proxy: { cpuUs: 2000 }, bare: { cpuUs: 1000 } };
    const { text } = verdict([round(), round(slow), round(slower)].flat(), 500);
    expect(text).toContain('holds: CPU of a create, of @fastify/http-proxy, no checks: 1.50');
  });

  it('the table has medians with minimum and maximum in Markdown', () => {
    const all = [90, 100, 250].flatMap((cpuUs) => round({ bare: { cpuUs } }));
    const lines = table(all, 500).split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[1]).toMatch(/^\| -+ (\| -+ )+\|$/);
    const cells = lines[3]?.split('|').map((cell) => cell.trim());
    expect(cells?.slice(1, 4)).toEqual([
      ...['@fastify/http-proxy, no checks', '100 (90 to 250)', '1.50'],
    ]);
  });
});

describe('the verdict of the benchmark', () => {
  it('is 0 if all guard rails hold', () => {
    const { text, exitCode } = verdict(round(), 500);
    expect(text.match(/^holds: /gm)).toHaveLength(5);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['CPU of a create, of @fastify/http-proxy, no checks: 1.61', { bare: { cpuUs: 150 / 1.61 } }],
    ['CPU of a create, of Nest on Fastify: 0.66', { 'nest-fastify': { cpuUs: 150 / 0.66 } }],
    ['CPU of a create, of textbook Nest: 0.21', { nest: { cpuUs: 150 / 0.21 } }],
    ['p99 at 500/s in ms, over Fastify by hand: 2.10', { proxy: { p99Ms: 5.1 } }],
    ['ms from start to ready: 701.00', { proxy: { readyMs: 701 } }],
  ])('is 1 for %s', (line, different) => {
    const { text, exitCode } = verdict(round(different), 500);
    expect(text).toContain(`missed: ${line} (at most`);
    expect(text.match(/^holds: /gm)).toHaveLength(4);
    expect(exitCode).toBe(1);
  });

  it.each([
    [0.07, 0],
    [0.08, 2],
  ])(
    'is withheld if other processes disturbed the servers unequally: %d and 0.02',
    (others, code) => {
      const { text, exitCode } = verdict(round({ fastify: { others } }), 500);
      expect(exitCode).toBe(code);
      expect(text.includes('No verdict: ')).toBe(code === 2);
      expect(text.match(/^no verdict: /gm) ?? []).toHaveLength(code === 2 ? 5 : 0);
    },
  );

  it('lists what was not measured', () => {
    const { text, exitCode } = verdict(round().slice(0, 1), 500);
    expect(text.match(/^not measured: /gm)).toHaveLength(4);
    expect(exitCode).toBe(0);
  });
});

describe('the load generator', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function serving(listener: RequestListener): Promise<number> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    closing.push(() => {
      server.close();
      server.closeAllConnections();
    });
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address ? address.port : NaN;
  }
  const next = () => ({ method: 'GET' as const, path: '/' });

  it('sends the next request after each response and counts all responses', async () => {
    let requests = 0;
    const port = await serving((_request, response) => {
      requests += 1;
      response.end('ok');
    });
    const { statuses, latenciesMs } = await closedLoop({ port, connections: 4, seconds: 1, next });
    expect([...statuses]).toEqual([[200, requests]]);
    expect(latenciesMs).toHaveLength(requests);
  });

  it('sends exactly the requests that are due at a steady rate', async () => {
    const port = await serving((_request, response) => response.end('ok'));
    const load = { port, connections: 4, seconds: 1, perSecond: 100, next };
    expect([...(await openLoop(load)).statuses]).toEqual([[200, 100]]);
  });

  it('counts the wait of every request that is due while the server pauses', async () => {
    let requests = 0;
    const port = await serving((_request, response) => {
      requests += 1;
      const untilMs = Date.now() + (requests === 20 ? 500 : 0);
      while (Date.now() < untilMs);
      response.end('ok');
    });
    const load = { port, connections: 4, seconds: 1, perSecond: 100, next };
    const { latenciesMs } = await openLoop(load);
    // 50 were due in half a second, on four connections; 30 of them waited longer than 200 ms.
    expect(latenciesMs.filter((ms) => ms > 200).length).toBeGreaterThan(20);
  });

  it('distinguishes a lost response from a client disconnect', async () => {
    const port = await serving((request, response) => {
      if (request.url === '/lost') request.socket.destroy();
      response.on('error', () => undefined);
    });
    const outcomes = new Set<string>();
    let count = 0;
    const either = () => {
      count += 1;
      const path = count % 2 === 0 ? '/lost' : '/silent';
      const ended = (status: number) => outcomes.add(`${path} ${status}`);
      return { ...next(), path, ended, ...(path === '/silent' && { leavesAfterMs: 5 }) };
    };
    await closedLoop({ port, connections: 2, seconds: 0.5, next: either });
    expect([...outcomes].sort()).toEqual([`/lost ${LOST}`, `/silent ${LEFT}`]);
  });

  it('limits the wait for a response', async () => {
    const port = await serving(() => undefined);
    const load = { port, connections: 2, seconds: 0.2, drainSeconds: 0.2, perSecond: 50, next };
    expect([...(await openLoop(load)).statuses]).toEqual([[LOST, 10]]);
  });
});

describe('the command', () => {
  it('measures the production build and prints a table', async () => {
    const args = ['--only', 'proxy', '--rounds', '1', '--seconds', '1', '--rate', '50'];
    const { code, stdout, stderr } = await run('bench/bench.ts', args, {});
    expect({ stderr, ended: [0, 1].includes(code ?? NaN) }).toEqual({
      stderr: 'round 1 of 1: proxy\n',
      ended: true,
    });
    expect(stdout).toMatch(/^\| server .*\n\| -+ .*\n\| this proxy +\| \d+ \(\d+ to \d+\)/);
    expect(stdout).toMatch(/^(holds|missed): ms from start to ready: /m);
    expect(stdout).toContain('not measured: CPU of a create, of Nest on Fastify (at most 0.65)');
  });

  it.each([
    [['--only', 'other'], '--only: expected some of proxy,bare,fastify,nest-fastify,nest\n'],
    [['--rounds', 'many'], 'expected numbers above 0\n'],
  ])('refuses %j', async (args, stderr) => {
    expect(await run('bench/bench.ts', args, {})).toEqual({ code: 1, stdout: '', stderr });
  });
});
