import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const PATH = fileURLToPath(new URL('./deadline.ts', import.meta.url));

// Node warns once in a process, so the test has a process of its own.
it('ends at once, and without a warning, when the deadline has passed', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { withDeadline } from ${JSON.stringify(PATH)};
    const work = new Promise(() => {});
    const late = withDeadline(work, performance.now() - 1000, 'the work ended');
    await late.catch(({ message }) => process.stdout.write(message));`,
  ]);
  expect(stdout).toBe('the deadline passed before the work ended');
  expect(stderr).not.toContain('TimeoutNegativeWarning');
});
