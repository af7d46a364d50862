// A process of its own that claims one key after another and names on stdout each that it was told
// is claimed, until it is killed.
import { SqliteStore } from '../stores/sqlite/sqlite-store.ts';

const [path = ''] = process.argv.slice(2);
const store = await SqliteStore.open(path, { secretCheck: 'secret' });

async function claimEver(lane: number): Promise<void> {
  for (let index = 0; ; index += 1) {
    const key = `${lane}-${index}`;
    const { kind } = await store.apply(key, { kind: 'claim', content: key, leaseMs: 60_000 });
    process.stdout.write(`${key} ${kind}\n`);
  }
}

await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(claimEver));
