import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { LEFT, LOST } from '../bench/connection.ts';
import { type Ask, type Load, run } from '../bench/load.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: bench\r\n\r\n';
const LOAD: Load = { connections: 4, warmSeconds: 0.2, seconds: 1 };

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

const ok: RequestListener = (_request, response) => response.end('ok');
const ignore = () => undefined;

describe('the generator of load', () => {
  it('counts from the end of the warm-up to the end', async () => {
    const port = await serving(ok);
    let marks = 0;
    const result = await run(
      port,
      LOAD,
      () => REQUEST,
      () => (marks += 1),
    );
    expect(marks).toBe(2);
    expect([...result.statuses.keys()]).toEqual([200]);
    expect(result.seconds).toBeCloseTo(1, 1);
  });

  it('sends no more than is due with a rate', async () => {
    const port = await serving(ok);
    const { latenciesMs } = await run(port, { ...LOAD, perSecond: 100 }, () => REQUEST, ignore);
    expect(latenciesMs.length).toBeGreaterThanOrEqual(99);
    expect(latenciesMs.length).toBeLessThanOrEqual(101);
  });

  it('lets a server that stops for a while pay for every request that was due meanwhile', async () => {
    let asked = 0;
    const port = await serving((_request, response) => {
      asked += 1;
      if (asked !== 50) return void response.end('ok');
      const untilMs = Date.now() + 500;
      while (Date.now() < untilMs);
      response.end('ok');
    });
    const { latenciesMs } = await run(port, { ...LOAD, perSecond: 100 }, () => REQUEST, ignore);
    // 50 were due in half a second; a quarter of them waited longer than 350 ms.
    expect(latenciesMs.filter((ms) => ms > 300).length).toBeGreaterThan(10);
  });

  it('leaves a stop in the second in which the requests were due', async () => {
    let asked = 0;
    const port = await serving((_request, response) => {
      asked += 1;
      const untilMs = Date.now() + (asked === 30 ? 500 : 0);
      while (Date.now() < untilMs);
      response.end('ok');
    });
    const load = { ...LOAD, seconds: 2.5, perSecond: 100 };
    const { bySecondMs } = await run(port, load, () => REQUEST, ignore);
    const waited = bySecondMs.map((second) => second.filter((ms) => ms > 300).length > 10);
    expect(waited).toEqual([true, false]);
    for (const second of bySecondMs) expect(Math.abs(second.length - 100)).toBeLessThan(2);
  });

  it.each([0, 0.2])(
    'has no second that did not pass, after %d s of warm-up',
    async (warmSeconds) => {
      const port = await serving(ok);
      const load = { ...LOAD, warmSeconds, seconds: 3 };
      const asked = [REQUEST, REQUEST].values();
      const { bySecondMs } = await run(port, load, () => asked.next().value, ignore);
      expect(bySecondMs).toEqual([]);
    },
  );

  it('waits for no answer for ever', async () => {
    const port = await serving(() => undefined);
    const load = { ...LOAD, warmSeconds: 0 };
    const { statuses, answers } = await run(port, load, () => REQUEST, ignore);
    expect([answers, ...statuses]).toEqual([0, [0, 4]]);
  });

  it('ends when there is nothing more to ask', async () => {
    const port = await serving(ok);
    const many = { ...LOAD, warmSeconds: 0, seconds: 600 };
    let left = 10;
    const next = () => (left-- > 0 ? REQUEST : undefined);
    const { answers } = await run(port, many, next, ignore);
    expect(answers).toBeGreaterThan(0);
    expect(answers).toBeLessThanOrEqual(10);
  });

  it('counts a connection that was lost, and goes on', async () => {
    let asked = 0;
    const port = await serving((request, response) => {
      asked += 1;
      if (asked % 10 === 0) request.socket.destroy();
      else response.end('ok');
    });
    const { statuses } = await run(port, LOAD, () => REQUEST, ignore);
    expect([...statuses.keys()].sort()).toEqual([0, 200]);
  });

  it('leaves before an answer that takes too long, and counts no answer', async () => {
    let departures = 0;
    const port = await serving((_request, response) => {
      response.once('close', () => (departures += 1));
    });
    const told: number[] = [];
    const request: Ask = {
      text: REQUEST,
      leavesAfterMs: 20,
      told: (status) => told.push(status),
    };
    const load = { ...LOAD, warmSeconds: 0 };
    const result = await run(port, load, () => request, ignore);
    expect([...result.statuses.keys()]).toEqual([LEFT]);
    expect([result.answers, result.latenciesMs.length]).toEqual([0, 0]);
    expect(told.length).toBe(result.statuses.get(LEFT));
    expect(departures).toBeGreaterThan(10);
  });

  it('does not leave where the answer is there in time', async () => {
    const port = await serving(ok);
    const request: Ask = { text: REQUEST, leavesAfterMs: 500 };
    const { statuses } = await run(port, LOAD, () => request, ignore);
    expect([...statuses.keys()]).toEqual([200]);
  });

  it('opens another connection after one that it closes, and loses nothing', async () => {
    const ports = new Set<number | undefined>();
    const port = await serving((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    let left = 20;
    const load = { connections: 1, warmSeconds: 0, seconds: 600 };
    const next = () => (left-- > 0 ? { text: REQUEST, closes: left % 2 === 0 } : undefined);
    const { statuses } = await run(port, load, next, ignore);
    expect([...statuses]).toEqual([[200, 20]]);
    expect(ports.size).toBe(10);
  });

  it('says how many requests that were due it could not send', async () => {
    const port = await serving(() => undefined);
    const load = { connections: 1, warmSeconds: 0, seconds: 0.5, perSecond: 20, drainSeconds: 0.1 };
    const { unsent, statuses } = await run(port, load, () => REQUEST, ignore);
    // Ten are due, and the only connection is taken by the first.
    expect(unsent).toBe(9);
    expect(statuses.get(LOST)).toBeGreaterThanOrEqual(unsent);
  });

  it('asks nothing any more when it has given up', async () => {
    const port = await serving(() => undefined);
    const load = { connections: 2, warmSeconds: 0, seconds: 0.3, perSecond: 50, drainSeconds: 0.1 };
    let [asked, ended] = [0, 0];
    const next = () => {
      asked += 1;
      return { text: REQUEST, told: () => (ended += 1) };
    };
    const { unsent } = await run(port, load, next, ignore);
    await sleep(100);
    expect([asked, ended, unsent > 10]).toEqual([2, 2, true]);
  });
});
