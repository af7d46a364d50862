import type { LogFields } from './log-fields.ts';

/**
 * The standard members of an error, as fields of a line. Others may contain personal data: a
 * parser's `data` is a part of Graph's response.
 */
export function errorFields(error: unknown): LogFields {
  if (error === undefined) return {};
  if (!(error instanceof Error)) return { 'error.type': typeof error };
  return {
    'error.type': error.name,
    'error.message': error.message,
    'error.stack_trace': stackOf(error),
    'error.code': codeOf(error),
  };
}

/** The code that Node or a library gave an error, such as `ECONNRESET`. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** How deep the causes of an error are looked at. One may be its own cause. */
const MAX_DEPTH = 8;

/** The first code of an error and its causes: what wraps an error often has none. */
export function codeInCauses(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > MAX_DEPTH) return undefined;
  return codeOf(error) ?? codeInCauses(error.cause, depth + 1);
}

/** The stack of an error, and below it those of its causes with their codes. */
function stackOf(error: Error): string {
  const { name, message, stack = `${name}: ${message}`, cause } = error;
  if (cause === undefined) return stack;
  if (!(cause instanceof Error)) return `${stack}\ncaused by: ${typeof cause}`;
  const code = codeOf(cause);
  return `${stack}\ncaused by${code === undefined ? '' : ` (${code})`}: ${stackOf(cause)}`;
}
