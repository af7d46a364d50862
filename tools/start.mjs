// `npm start`: installs, builds and runs the local stack. Each stage has its own process group, so
// that a signal stops it completely. It runs before the installation, so it is plain JavaScript.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ensureInstall } from './ensure-install.mjs';

/** How long a stage may take to stop before it is killed. */
const GRACE_MS = 30_000;

let running;
/** Whether `running` forwards signals to its children. */
let forwardsSignals = false;
let stoppedBy;

function signalStage(child, signal) {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    // A second signal would make the API abort running requests.
    if (forwardsSignals && signal !== 'SIGKILL') child.kill(signal);
    // The child has no process group.
    else process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stoppedBy ??= signal;
    signalStage(running, 'SIGTERM');
    setTimeout(() => signalStage(running, 'SIGKILL'), GRACE_MS).unref();
  });
}

function run(command, args) {
  return new Promise((resolve) => {
    running = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    running.once('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(1);
    });
    running.once('close', (code, signal) => {
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

async function main() {
  const installed = await ensureInstall({
    detached: true,
    onSpawn: (child) => {
      running = child;
    },
  });
  if (!installed) return 1;
  if (stoppedBy) return 0;
  console.log('Building ...');
  const projects = ['--projects=api,graph-fake', '--output-style=static'];
  const built = await run('node_modules/.bin/nx', ['run-many', '--targets=build', ...projects]);
  if (built !== 0 && !stoppedBy) {
    console.error('The build failed; what it printed above says why.');
    return built;
  }
  if (stoppedBy) return 0;
  forwardsSignals = true;
  return run('node_modules/.bin/node', ['tools/start-local.ts']);
}

const code = await main();
process.exit(stoppedBy ? 0 : code);
