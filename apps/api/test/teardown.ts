import { afterAll } from '@jest/globals';

type Cleanup = () => unknown;

const cleanups: Cleanup[] = [];
afterAll(async () => {
  const failures: unknown[] = [];
  for (const cleanup of cleanups.splice(0).reverse()) {
    try {
      await cleanup();
    } catch (error) {
      // What was registered before must be cleaned up too.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
});

/** Runs `cleanup` after the last test of the file. What was registered last runs first. */
export function onTeardown(cleanup: Cleanup): void {
  cleanups.push(cleanup);
}
