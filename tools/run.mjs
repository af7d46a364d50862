// Runs a program of this workspace with Node 24, once what the lock file names is installed:
//
//   node tools/run.mjs [--build PROJECT,...] [NODE OPTION ...] FILE|nx [ARGUMENT ...]
//
// It runs before the installation and with any version of Node, so it is plain JavaScript without
// dependencies. Each stage has its own process group, so that a signal stops it completely.
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { clearInterval, setInterval } from 'node:timers';
import { install, isInstalled } from './ensure-install.mjs';
import { findNode, nodeProblem } from './find-node.mjs';

/** How long a stage may take to stop before it is killed. */
const GRACE_MS = 30_000;
/** How often to look whether the parent process has ended. */
const PARENT_CHECK_MS = 250;
/** The exit code of a signal before the program has begun. */
const NOT_RUN = 128 + constants.signals.SIGTERM;
const NX = 'node_modules/nx/dist/bin/nx.js';
const hasGroups = process.platform !== 'win32';
/** Pact, a dependency of it and Nx would send usage statistics. */
const env = {
  ...process.env,
  PACT_DO_NOT_TRACK: 'true',
  SCARF_ANALYTICS: 'false',
  NX_NO_CLOUD: 'true',
};

let running;
/** Whether `running` forwards signals to its children. */
let forwardsSignals = false;
let stoppedBy;

function signalStage(child, signal) {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    // A second signal would make the API abort running requests.
    if ((forwardsSignals && signal !== 'SIGKILL') || !hasGroups) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

/** Stops what a stage has left behind, such as the API of a local stack that has crashed. */
function stopOrphans(child) {
  if (!hasGroups || child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    // The group is empty.
  }
}

function stop(reason) {
  stoppedBy ??= reason;
  signalStage(running, 'SIGTERM');
  setTimeout(() => signalStage(running, 'SIGKILL'), GRACE_MS).unref();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);

// npm runs a script in a shell and passes signals to the shell alone, which ends without passing them
// on. This process then gets another parent.
const parent = process.ppid;
const parentCheck = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(parentCheck);
  stop('the end of the parent process');
}, PARENT_CHECK_MS).unref();

/** @param {import('node:child_process').SpawnOptions} options */
function run(command, args, options) {
  return new Promise((resolve) => {
    running = spawn(command, args, { env, detached: hasGroups, ...options });
    running.once('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(1);
    });
    const stage = running;
    stage.once('close', (code, signal) => {
      stopOrphans(stage);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** Prints what the build says only if it fails. */
async function build(node, projects) {
  const announcement = setTimeout(() => console.error('Building ...'), 1000);
  const args = ['run-many', '--targets=build', `--projects=${projects}`, '--output-style=static'];
  const built = run(node, [NX, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [running.stdout, running.stderr]) {
    stream.on('data', (chunk) => output.push(chunk));
  }
  const code = await built;
  clearTimeout(announcement);
  if (code !== 0 && !stoppedBy) {
    console.error(`${Buffer.concat(output)}\nThe build failed. What it printed above says why.`);
  }
  return code;
}

function readArguments(args) {
  const projects = args[0] === '--build' ? args[1] : undefined;
  const rest = projects === undefined ? args : args.slice(2);
  return { projects, program: rest.map((arg) => (arg === 'nx' ? NX : arg)) };
}

async function main() {
  const problem = nodeProblem();
  if (problem !== undefined) {
    console.error(problem);
    return 1;
  }
  const { projects, program } = readArguments(process.argv.slice(2));
  if (!isInstalled()) {
    const code = await install(run);
    if (code !== 0 || stoppedBy) return code || NOT_RUN;
  }
  const node = findNode();
  if (projects !== undefined) {
    const code = await build(node, projects);
    if (code !== 0 || stoppedBy) return code || NOT_RUN;
  }
  forwardsSignals = !program.includes(NX);
  return run(node, program, { stdio: ['ignore', 'inherit', 'inherit'] });
}

// The program decides how it ends when it is stopped. A gate that is stopped must not say yes.
process.exit(await main());
