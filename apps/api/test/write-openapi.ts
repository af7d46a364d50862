// Writes docs/openapi.json as the built API serves it: npx nx openapi api
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { Replicas } from './history/replicas.ts';
import { OPENAPI_FILE, openApiText } from './openapi-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'bookings-openapi-'));
const fake = await GraphFake.start();
try {
  const STATE_URL = `sqlite:${join(folder, 'state.db')}`;
  const api = await Replicas.start(1, { ...proxyEnvironment(fake), STATE_URL });
  try {
    const response = await fetch(`${api.url(0)}/openapi.json`);
    if (response.status !== 200) throw new Error(`The API answered ${response.status}.`);
    writeFileSync(OPENAPI_FILE, openApiText(await response.json()));
  } finally {
    await api.stop();
  }
} finally {
  await fake.close();
  rmSync(folder, { recursive: true });
}
