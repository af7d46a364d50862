import { isObject } from '@bookings/domain';
import type { AuditRecord } from './audit-record.ts';
import { backwardLines } from './backward-lines.ts';

/** A record of the audit that names the key of a create that may have made a customer. */
export interface AuditedCreate {
  readonly keyDigest: string;
  readonly atMs: number;
  /** Whether it has no outcome: the process was killed, or the attempt still runs. */
  readonly isOpen: boolean;
}

type Field = 'time' | keyof (AuditRecord & { outcome: unknown; finding: unknown });

/** Creates with a key in the audit file that are not older than `fromMs`, the last one first. */
export async function* auditedCreates(path: string, fromMs: number): AsyncGenerator<AuditedCreate> {
  /** Writes whose outcome has been read, and whose intent follows. */
  const ended = new Set<string>();
  for await (const line of backwardLines(path)) {
    const record = parsed(line);
    const atMs = Date.parse(text(record, 'time'));
    // A line that was torn by a power failure is no record.
    if (Number.isNaN(atMs)) continue;
    if (atMs < fromMs) return;
    const keyDigest = text(record, 'keyDigest');
    if (keyDigest === '' || text(record, 'operation') !== 'createCustomer') continue;
    const auditId = text(record, 'auditId');
    const kind = text(record, 'record');
    if (kind === 'outcome') ended.add(auditId);
    const isOpen = kind === 'intent' && !ended.delete(auditId);
    if (isOpen || mayHaveCreated(kind, record)) yield { keyDigest, atMs, isOpen };
  }
}

/** A replay does not change the store. A lookup that found nothing says nothing of the key. */
function mayHaveCreated(kind: string, record: object): boolean {
  const outcome = text(record, 'outcome');
  if (kind === 'outcome') return outcome === 'done' || outcome === 'unknown';
  return kind === 'look-up' && text(record, 'finding') === 'found';
}

function parsed(line: string): object {
  try {
    const record: unknown = JSON.parse(line);
    return isObject(record) ? record : {};
  } catch {
    return {};
  }
}

function text(record: object, field: Field): string {
  const value: unknown = Object.entries(record).find(([name]) => name === field)?.[1];
  return typeof value === 'string' ? value : '';
}
