// Finds Node 24: the one that runs this file, or the one that npm installs on Linux.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const NEEDED = 24;
const LOCAL = resolve('node_modules/.bin/node');

const isNewEnough = Number(process.versions.node.split('.')[0]) >= NEEDED;

/** Why no Node 24 is there and npm cannot install one, in one line, or undefined. */
export function nodeProblem() {
  if (isNewEnough || npmHasBinary()) return undefined;
  return `Node ${NEEDED} or later is needed, and this is Node ${process.versions.node}. npm brings it on Linux with glibc (x64, arm64) alone. Install Node ${NEEDED}, then run this again.`;
}

/** The path of a Node that is new enough. Call it after the installation. */
export function findNode() {
  return isNewEnough || !existsSync(LOCAL) ? process.execPath : LOCAL;
}

function npmHasBinary() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return false;
  // Alpine has musl, with which the binaries do not run.
  return process.report.getReport().header.glibcVersionRuntime !== undefined;
}
