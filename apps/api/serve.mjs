// Runs the application from its source: bundles and restarts it when a source file changes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { bundle, SOURCES } from './bundle.mjs';

/** Not `dist`, from which the production process may run at the same time. */
const FOLDER = 'build';
const MAIN = join(import.meta.dirname, FOLDER, 'main.js');
/** Tests, which the application does not contain. */
const NOT_BUNDLED = /\.(spec|fixture)\.ts$/;
/** Editors write a file in several steps. */
const SETTLE_MS = 50;

const workspace = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));

const start = () =>
  spawn(process.execPath, ['--enable-source-maps', MAIN], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });

const { bundled } = await bundle(FOLDER, Object.keys(workspace.dependencies));
let app = start();
let stopping = false;

async function stop() {
  if (app.exitCode !== null || app.signalCode !== null) return;
  app.kill('SIGTERM');
  await once(app, 'exit');
}

async function restart() {
  try {
    await bundled.rebuild();
  } catch {
    // esbuild has printed the errors. The running application stays until they are corrected.
    return;
  }
  console.log('A source file has changed: the API restarts.');
  await stop();
  if (!stopping) app = start();
}

let settling;
let restarting = Promise.resolve();
// esbuild's own watch mode polls and can take two seconds to notice a change.
for (const folder of SOURCES) {
  watch(folder, { recursive: true }, (_event, file) => {
    if (file !== null && NOT_BUNDLED.test(file)) return;
    clearTimeout(settling);
    settling = setTimeout(() => (restarting = restarting.then(restart)), SETTLE_MS);
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    stopping = true;
    await stop();
    process.exit(app.exitCode ?? 0);
  });
}
