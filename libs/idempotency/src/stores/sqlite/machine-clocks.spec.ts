import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { type MachineClocks, readMachineClocks } from './machine-clocks.ts';

const PATH = fileURLToPath(new URL('./machine-clocks.ts', import.meta.url));

const inAnotherProcess = (): MachineClocks =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { readMachineClocks } from ${JSON.stringify(PATH)};
        process.stdout.write(JSON.stringify(readMachineClocks()));`,
      ],
      { encoding: 'utf8' },
    ),
  ) as MachineClocks;

it('shows the same to every process of one start of the machine', () => {
  const before = readMachineClocks();
  const between = inAnotherProcess();
  const after = readMachineClocks();
  expect(between.boot).toBe(before.boot);
  expect(between.elapsedMs).toBeGreaterThanOrEqual(before.elapsedMs);
  expect(between.elapsedMs).toBeLessThanOrEqual(after.elapsedMs);
});

it.each([
  ['is not that of the wall clock on Linux', 'boot'],
  ['is that of the wall clock where the machine does not identify its start', undefined],
])('elapsed time %s', (_title, boot) => {
  const wallMs = new BigInt64Array(new SharedArrayBuffer(8)).fill(3_600_000n);
  const clocks = readMachineClocks({ wallMs, boot });
  expect(clocks.wallMs - Date.now()).toBeGreaterThan(3_500_000);
  expect(clocks.elapsedMs === clocks.wallMs).toBe(boot === undefined);
});
