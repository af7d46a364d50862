import { spawnSync } from 'node:child_process';

/** Whether promtool is installed. Debian's package prometheus has it, with Prometheus itself. */
export const HAS_PROMTOOL = spawnSync('promtool', ['--version']).status === 0;

/** What promtool has to say about metrics; nothing is the best. */
export function complaintsAbout(metrics: string): string {
  const options = { input: metrics, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], options);
  return status === 0 ? '' : `${stdout}${stderr}`;
}

/** What promtool has to say about files of rules or their unit tests; nothing is the best. */
export function complaintsOf(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

// `npm test` runs this file before Nx, because Nx hides the output of passing tests.
if (import.meta.main && !HAS_PROMTOOL) {
  process.stderr.write(
    'No promtool was found, so metrics, alerts and the dashboard are not checked: install the package prometheus.\n',
  );
}
