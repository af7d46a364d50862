import { afterAll } from '@jest/globals';

type Cleanup = () => unknown;

const cleanups: Cleanup[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs `cleanup` after the last test of the file. What was registered last runs first. */
export function onTeardown(cleanup: Cleanup): void {
  cleanups.push(cleanup);
}
