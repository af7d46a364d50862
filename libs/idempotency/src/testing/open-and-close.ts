// A process that opens a store, serves with it and closes it. Nothing else keeps the process alive.
import { SqliteStore } from '../stores/sqlite/sqlite-store.ts';

const [path = ''] = process.argv.slice(2);
const store = await SqliteStore.open(path, { secrets: { current: 'secret', previous: undefined } });
await store.beginServing();
await store.close();
process.stdout.write('closed\n');
