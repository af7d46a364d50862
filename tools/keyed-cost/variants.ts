import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MeasuredProcess } from '../measured-process.ts';
import { Helper } from './helper.ts';
import { Load } from './load.ts';

/** One way to create, with the process that does it. */
export interface Variant {
  readonly name: string;
  readonly api: MeasuredProcess;
  readonly load: Load;
  /** How often it has waited for the disk so far. */
  readonly waits: () => Promise<number>;
}

/** All that is measured, each with an API of its own against one fake. */
export async function startVariants(port: number) {
  const graph = await Helper.start('tools/keyed-cost/graph-process.ts');
  const postgres = await Helper.start('apps/api/test/state-cost/postgres-process.ts');
  // Where tests have theirs: `TMPDIR` chooses the disk.
  const folder = mkdtempSync(join(tmpdir(), 'keyed-cost-'));
  const { token = '', ...upstream } = graph.said;
  const file = join(folder, 'bookings.db');
  const start = async (index: number, name: string, state: string, waits: Variant['waits']) => {
    const settings = { STATE_URL: state, STATE_SECRET: 'of the measurement alone' };
    const api = await MeasuredProcess.startWith({ ...upstream, ...settings }, port + index);
    return { name, api, load: new Load(api.url, token, index > 0), waits };
  };
  const variants: readonly Variant[] = [
    await start(0, 'unkeyed', `sqlite:${join(folder, 'unused.db')}`, () => Promise.resolve(0)),
    await start(1, 'SQLite', `sqlite:${file}`, () => Promise.resolve(transactions(file))),
    await start(2, 'PostgreSQL', postgres.said['url'] ?? '', async () =>
      Number((await postgres.ask())['waits']),
    ),
  ];
  const stop = async () => {
    for (const { load, api } of variants) {
      load.close();
      await api.stop();
    }
    await Promise.all([graph.stop(), postgres.stop()]);
    rmSync(folder, { recursive: true });
  };
  return { variants, stop };
}

/**
 * SQLite waits for the disk once in each transaction, and counts those in the head of its shared
 * memory (https://www.sqlite.org/walformat.html, iChange).
 */
function transactions(file: string): number {
  const shared = openSync(`${file}-shm`, 'r');
  const head = Buffer.alloc(12);
  readSync(shared, head, 0, head.length, 0);
  closeSync(shared);
  return head.readUInt32LE(8);
}
