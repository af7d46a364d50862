// A process that acquires one key after another until it is killed. It prints each key with its
// outcome as soon as the store has acknowledged it.
import { SqliteStore } from '../stores/sqlite/sqlite-store.ts';

const [path = ''] = process.argv.slice(2);
const store = await SqliteStore.open(path, { secrets: { current: 'secret', previous: undefined } });

async function acquireForever(lane: number): Promise<void> {
  for (let index = 0; ; index += 1) {
    const key = `${lane}-${index}`;
    const { kind } = await store.apply(key, { kind: 'acquire', fingerprint: key, leaseMs: 60_000 });
    process.stdout.write(`${key} ${kind}\n`);
  }
}

await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(acquireForever));
