import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Dispatcher, Pool } from 'undici';

/** Used as a status without a response, and after a client disconnect. */
export const LOST = 0;
export const LEFT = -1;

export interface LoadRequest extends Dispatcher.DispatchOptions {
  /** The client disconnects if there is no response after this time. */
  readonly leavesAfterMs?: number;
  /** Receives the status of the response, `LOST` or `LEFT`. */
  readonly ended?: (status: number) => void;
}

export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** How long to wait for responses after that; default 10 s. */
  readonly drainSeconds?: number;
  readonly next: () => LoadRequest;
}

/** The time of a clock that all threads share. */
export const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

/** Each connection sends the next request after each response. */
export function closedLoop(load: Load) {
  const endMs = nowMs() + load.seconds * 1000;
  return run(load, () => Promise.resolve(nowMs() < endMs ? nowMs() : undefined));
}

/**
 * Requests are due at a steady rate, independent of the server. The latency includes the wait for a
 * free connection, so that a pause of the server affects all requests that are due meanwhile.
 */
export function openLoop(load: Load & { readonly perSecond: number }) {
  const count = Math.round(load.perSecond * load.seconds);
  const workerData = { intervalMs: 1000 / load.perSecond, count };
  const clock = new Worker(new URL('./clock.ts', import.meta.url), { workerData });
  const ticks = on(clock, 'message', { close: ['exit'] });
  return run(load, async () => {
    const tick = (await ticks.next()) as IteratorResult<[number], undefined>;
    return tick.value?.[0];
  });
}

export type LoadResult = Awaited<ReturnType<typeof run>>;

/** @param due resolves to the time of the next request when it is due; undefined at the end */
async function run(load: Load, due: () => Promise<number | undefined>) {
  const { port, connections, seconds, drainSeconds = 10 } = load;
  const beginMs = nowMs();
  const statuses = new Map<number, number>();
  const latenciesMs: number[] = [];
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections });
  const work = async () => {
    for (let dueMs = await due(); dueMs !== undefined; dueMs = await due()) {
      const request = load.next();
      const status = await send(pool, request);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      latenciesMs.push(nowMs() - dueMs);
      request.ended?.(status);
    }
  };
  const giveUp = setTimeout(() => void pool.destroy(), (seconds + drainSeconds) * 1000);
  await Promise.all(Array.from({ length: connections }, work));
  clearTimeout(giveUp);
  await pool.destroy();
  return {
    seconds: (nowMs() - beginMs) / 1000, // Until the last response.
    statuses, // How many requests ended with each.
    latenciesMs: Float64Array.from(latenciesMs).sort(), // From when each was due.
  };
}

/** Without undici's streams, because the generator must cost less than any server. */
function send(pool: Pool, { leavesAfterMs, ended, ...request }: LoadRequest): Promise<number> {
  return new Promise((resolve) => {
    let [status, left] = [LOST, false];
    pool.dispatch(request, {
      onRequestStart(controller) {
        if (leavesAfterMs === undefined) return;
        setTimeout(() => {
          left = true;
          controller.abort(new Error('the caller left'));
        }, leavesAfterMs);
      },
      onResponseStart: (_controller, statusCode) => (status = statusCode),
      onResponseData: () => undefined,
      onResponseEnd: () => {
        resolve(status);
      },
      onResponseError: () => {
        resolve(left ? LEFT : LOST);
      },
    });
  });
}
