/** What processes tell each other through the database. Each names its sender. */
export type Message = { readonly process: string } & (
  | {
      readonly kind: 'waits';
      readonly mailbox: string;
      readonly wanted: number;
      readonly held: number;
    }
  | { readonly kind: 'freed'; readonly mailbox: string; readonly to: string | null }
  | {
      readonly kind: 'news';
      readonly mailbox: string;
      readonly pauseMs: number | null;
      readonly limit: number | null;
      /** How long ago the limit was learned. Older releases do not send it. */
      readonly limitAgoMs?: number;
    }
  | { readonly kind: 'recovering'; readonly forMs: number }
);

type Members = Readonly<Record<string, unknown>>;

const isText = (value: unknown) => typeof value === 'string';
const isCount = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const isOptional = (is: (value: unknown) => boolean) => (value: unknown) =>
  value === undefined || is(value);
const isNullOr = (is: (value: unknown) => boolean) => (value: unknown) =>
  value === null || is(value);

const MEMBERS: Readonly<
  Record<Message['kind'], Readonly<Record<string, (value: unknown) => boolean>>>
> = {
  waits: { mailbox: isText, wanted: isCount, held: isCount },
  freed: { mailbox: isText, to: isNullOr(isText) },
  news: {
    mailbox: isText,
    pauseMs: isNullOr(isCount),
    limit: isNullOr(isCount),
    limitAgoMs: isOptional(isCount),
  },
  recovering: { forMs: isCount },
};

/** @returns undefined for what this release does not know: other applications may use the channel */
export function readMessage(payload: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return isMessage(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false;
  const message: Members = { ...value };
  const members = Object.entries(MEMBERS).find(([kind]) => kind === message['kind'])?.[1];
  if (!members || !isText(message['process'])) return false;
  return Object.entries(members).every(([name, is]) => is(message[name]));
}
