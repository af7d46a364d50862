import type { AuditRecord } from './audit-record.ts';

/** The destination of audit records. A class, so that it can be an injection token. */
export abstract class AuditLog {
  /**
   * Resolves for an intent after it is stored, and for any other record after it is accepted. Rejects
   * when that is uncertain.
   */
  abstract append(record: AuditRecord): Promise<void>;

  /** Undefined when records can be appended, otherwise the reason for `/readyz`. */
  abstract unavailable(): Promise<string | undefined>;

  /** Resolves when every append has ended. */
  abstract close(): Promise<void>;
}
