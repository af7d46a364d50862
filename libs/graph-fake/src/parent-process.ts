/** How often to look whether the parent process has ended. */
const CHECK_MS = 250;

/**
 * Calls `ended` after the parent process has ended. npm passes a signal on to the shell of its script
 * alone, and the shell ends without passing it on.
 */
export function whenParentEnds(ended: () => void): void {
  const parent = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(check);
    ended();
  }, CHECK_MS).unref();
}
