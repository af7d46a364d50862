// `npm run drift`: compares what the project knows of Graph with Graph's public documents.
import { parseArgs } from 'node:util';
import { CommandError, runCommand } from '../pact/command-error.ts';
import { helpIfAsked } from '../usage.ts';
import { findingsIn, readGraph } from './check.ts';
import { isDrift } from './compare.ts';
import { report } from './report.ts';

const METADATA = 'https://graph.microsoft.com/v1.0/$metadata';
// 1 means drift, so a fault of the check itself must not end with Node's 1.
process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exit(2);
});

const USAGE = `Usage: npm run drift -- [OPTION VALUE]...
  --metadata URL|FILE      Graph's metadata; default ${METADATA}
  --permissions URL|FILE   permissions.json of microsoft-graph-devx-content; default: not compared
  --timeout-seconds 60     how long a download may take

Exits with 0 if there is no drift, 1 if there is, and 2 if it could not compare.`;

await runCommand(async () => {
  helpIfAsked(USAGE);
  const { metadata, permissions, timeoutMs } = options();
  const graph = await readGraph({ metadata, permissions, timeoutMs });
  const findings = findingsIn(graph);
  const compared =
    permissions === undefined
      ? `Compared with ${metadata}. Permissions were not compared, because --permissions is missing.`
      : `Compared with ${metadata} and ${permissions}.`;
  process.stdout.write(`${report(findings, compared)}\n`);
  return Object.values(findings).some(isDrift) ? 1 : 0;
});

function options() {
  const known = {
    metadata: { type: 'string', default: METADATA },
    permissions: { type: 'string' },
    'timeout-seconds': { type: 'string', default: '60' },
  } as const;
  const values = parsed(() => parseArgs({ options: known }).values);
  const text = values['timeout-seconds'];
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > 3600) {
    throw new CommandError(
      `--timeout-seconds: expected a whole number from 1 to 3600, not "${text}"\n${USAGE}`,
      2,
    );
  }
  const { metadata, permissions } = values;
  return { metadata, permissions, timeoutMs: seconds * 1000 };
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${message}\n${USAGE}`, 2);
  }
}
