import type { AuditRecord } from './audit-record.ts';

/** Where audit records go. An abstract class, so that it is type and injection token in one. */
export abstract class AuditLog {
  /**
   * Resolves when an intent is kept, and for any other record no earlier than it was handed on;
   * rejects when that is not certain.
   */
  abstract append(record: AuditRecord): Promise<void>;

  /** Undefined when records can be kept, else the reason why not, fit for `/readyz`. */
  abstract unavailable(): Promise<string | undefined>;

  /** Resolves when everything that was appended is kept, or will never be. */
  abstract close(): Promise<void>;
}
