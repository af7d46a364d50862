import { type ConnectionFaultKind, connectionFault } from '@bookings/domain';
import { FetchedTooMuch, UnexpectedStatus, fetchText } from './fetch-text.ts';
import { type SigningKey, signingKeysIn } from './signing-keys.ts';

const FETCH_LIMITS = { timeoutMs: 5000, maxBytes: 1_048_576 };

/** Why a key set cannot be used: no connection, or an answer of another kind. */
export type KeySetFaultKind = ConnectionFaultKind | 'status' | 'content';

/** The message completes "the key set cannot be read:". It names no address. */
export class KeySetFault extends Error {
  override readonly name = 'KeySetFault';

  constructor(
    readonly kind: KeySetFaultKind,
    reason: string,
    cause?: unknown,
  ) {
    super(reason, { cause });
  }
}

export interface FetchedKeySet {
  readonly text: string;
  /** At least one, by key id. */
  readonly keys: ReadonlyMap<string, SigningKey>;
}

/** @throws KeySetFault */
export async function fetchKeySet(url: string): Promise<FetchedKeySet> {
  const text = await fetchText(url, FETCH_LIMITS).catch((error: unknown) => {
    throw faultOf(error);
  });
  const keys = signingKeysIn(parsed(text));
  if (keys.size === 0) throw new KeySetFault('content', 'it holds no RS256 signing key');
  return { text, keys };
}

function faultOf(error: unknown): KeySetFault {
  if (error instanceof UnexpectedStatus) {
    return new KeySetFault('status', `it answered with status ${error.status}`);
  }
  if (error instanceof FetchedTooMuch) return new KeySetFault('content', error.message);
  const { kind, reason } = connectionFault(error);
  return new KeySetFault(kind, reason, error);
}

// The parser's own message quotes the answer.
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KeySetFault('content', 'it is not JSON');
  }
}
