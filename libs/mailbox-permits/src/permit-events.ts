import type { PermitMode } from './database-access.ts';

/** What happens to the permits, for metrics and the log. Implementations never throw. */
export interface PermitEvents {
  /** A statement was sent. */
  statement(): void;
  /** Permits were given up for another process. */
  handedOver(count: number): void;
  modeChanged(mode: PermitMode, error: unknown): void;
  /** The process does not hear what others say, so it polls. */
  polls(): void;
}
