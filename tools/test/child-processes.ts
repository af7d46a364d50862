import type { ChildProcess } from 'node:child_process';
import { afterAll, afterEach } from '@jest/globals';

// What a failed test leaves behind would keep Jest from exiting.
const ofTest = new Set<ChildProcess>();
const ofFile = new Set<ChildProcess>();
afterEach(() => {
  killAll(ofTest);
});
afterAll(() => {
  killAll(ofFile);
});

/**
 * Kills a process after the test, if it still runs.
 *
 * @param child spawned with `detached`, so that the processes that it has started are killed too
 */
export function killAfterTest<Child extends ChildProcess>(child: Child): Child {
  return add(ofTest, child);
}

/** The same after the last test of the file. */
export function killAfterFile<Child extends ChildProcess>(child: Child): Child {
  return add(ofFile, child);
}

function add<Child extends ChildProcess>(children: Set<ChildProcess>, child: Child): Child {
  children.add(child);
  // Its own children have its output, so they have ended too.
  child.once('close', () => children.delete(child));
  return child;
}

function killAll(children: Set<ChildProcess>): void {
  for (const { pid } of children) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // The group has ended.
    }
  }
  children.clear();
}
