// `npm start`: installs, builds and runs the local stack, each in a process group of its own, so
// that a signal at any moment ends all of it. Plain JavaScript: it runs before anything is installed.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ensureInstall } from './ensure-install.mjs';

/** How long a stage gets to end by itself before it is killed. */
const GRACE_MS = 30_000;

let running;
/** Whether `running` passes a signal on to those it started. */
let passesOn = false;
let stoppedBy;

function signalStage(child, signal) {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    // Signalled twice, the API would take it for responseTimeout and cut running requests off.
    if (passesOn && signal !== 'SIGKILL') child.kill(signal);
    // A child that leads no group of its own is signalled alone.
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
  passesOn = true;
  return run('node_modules/.bin/node', ['tools/start-local.ts']);
}

const code = await main();
process.exit(stoppedBy ? 0 : code);
