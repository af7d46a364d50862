import { sanitizeForDisplay } from '@bookings/domain';
import { type OpenStore, UnknownKeyLookup } from '@bookings/idempotency';
import { readAudit } from './audited-keys.ts';

const MAX_LISTED_KEYS = 1000;

/** @param auditFiles tell the business and the caller of each key */
export async function listUnknown(open: OpenStore, auditFiles: readonly string[]): Promise<string> {
  const found = await UnknownKeyLookup.read(open, MAX_LISTED_KEYS);
  if (found.length === 0) return 'no key has an unknown outcome\n';
  const audited = await readAudit(auditFiles, new Set(found.map(({ unknown }) => unknown.key)));
  const lines = found.map(({ unknown: { key, sentAtMs, isResolved, isDamaged } }) => {
    const state = isDamaged ? 'damaged' : isResolved ? 'resolved' : 'unknown';
    const columns = [key, new Date(sentAtMs).toISOString(), state];
    if (auditFiles.length === 0) return columns.join('\t');
    const { business = '-', appId = '-', tokenKind = '-' } = audited.keys.get(key) ?? {};
    return [...columns, ...[business, appId, tokenKind].map(sanitizeForDisplay)].join('\t');
  });
  return `${lines.join('\n')}\n`;
}
