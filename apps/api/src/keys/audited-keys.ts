import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isBusinessId, isObject, parseJson } from '@bookings/domain';
import { CommandError } from '../command-line/command-error.ts';

/** Whose create a key belongs to. */
export interface AuditedKey {
  readonly business: string;
  readonly appId: string;
  readonly tokenKind: string;
}

/** What audit files tell. */
export interface Audited {
  /** By the digest of the key. */
  readonly keys: ReadonlyMap<string, AuditedKey>;
  readonly businesses: readonly string[];
}

/**
 * Reads audit files, or the log with the audit in it. Lines that are no records are skipped: a full
 * disk can leave half a line.
 *
 * @param wanted only these keys are kept, because the files may be large
 * @throws CommandError when a file cannot be read
 */
export async function readAudit(
  files: readonly string[],
  wanted: ReadonlySet<string>,
): Promise<Audited> {
  const keys = new Map<string, AuditedKey>();
  const businesses = new Set<string>();
  for (const file of files) {
    const input = createReadStream(file);
    try {
      for await (const line of createInterface({ input, crlfDelay: Infinity })) {
        const record = parseJson(Buffer.from(line));
        const business = isObject(record) ? record['business'] : undefined;
        if (!isObject(record) || typeof business !== 'string' || !isBusinessId(business)) continue;
        businesses.add(business);
        const { keyDigest, appId, tokenKind } = record;
        if (typeof keyDigest !== 'string' || !wanted.has(keyDigest)) continue;
        keys.set(keyDigest, { business, appId: String(appId), tokenKind: String(tokenKind) });
      }
    } catch (error) {
      const code = isObject(error) ? error['code'] : undefined;
      throw new CommandError(`--audit ${file} cannot be read: ${String(code ?? error)}`);
    }
  }
  return { keys, businesses: [...businesses] };
}
