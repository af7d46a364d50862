// Starts the local stack for `npm start` and `npm run dev`:
//
//   node tools/local.mjs ARGUMENTS_OF_RUN.MJS... tools/start-local.ts [--watch] [--help]
//
// It judges what the user gave before run.mjs installs, builds or watches anything. Like run.mjs it is
// plain JavaScript without dependencies.
import { localPorts } from './local-ports.mjs';

const watches = process.argv.includes('--watch');
const USAGE = `Usage: ${watches ? 'npm run dev' : 'npm start'}
Runs the local stack: a fake of Graph, and the API in front of it.
${watches ? 'Restarts the API when a source file changes.' : 'Installs and builds first what is missing.'}
PORT (3000) and GRAPH_FAKE_PORT (4010) choose other ports.
`;

/** The arguments that follow the script of package.json. */
function givenArguments() {
  const program = process.argv.findIndex((each) => each.endsWith('start-local.ts'));
  return process.argv.slice(program + 1).filter((each) => each !== '--watch');
}

/** What is wrong with the ports, or undefined. */
function portFault() {
  try {
    localPorts(process.env);
    return undefined;
  } catch (error) {
    return error.message;
  }
}

const given = givenArguments();
const [unknown] = given.filter((each) => each !== '--help');
const fault = unknown === undefined ? portFault() : `There is no argument ${unknown}.\n${USAGE}`;
if (given.includes('--help')) {
  process.stdout.write(USAGE);
} else if (fault === undefined) {
  await import('./run.mjs');
} else {
  process.stderr.write(`${fault.trimEnd()}\n`);
  process.exitCode = 1;
}
