/** Exit codes of the process, as in sysexits.h. */
export const EXIT = {
  /** An argument is wrong. */
  usage: 64,
  /** `--check --online`: something that the settings name cannot be used. */
  unavailable: 69,
  /** A setting is wrong. */
  config: 78,
} as const;
