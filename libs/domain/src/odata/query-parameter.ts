import { asciiLowerCase, sanitizeForDisplay } from '../values.ts';

/** One parameter of a query. */
export interface QueryParameter {
  /** As it is in the query. */
  readonly written: string;
  /** The decoded name. OData's names have no letter case. Undefined if it cannot be decoded. */
  readonly name: string | undefined;
  /** The name as a server may read it that decodes again, or skips spaces and invisible characters. */
  readonly lenientName: string;
  /** The name for an error message. */
  readonly shown: string;
  /** Percent-encoded; empty without an equals sign. */
  readonly value: string;
}

export function readParameter(written: string): QueryParameter {
  const equalsAt = written.indexOf('=');
  const writtenName = equalsAt < 0 ? written : written.slice(0, equalsAt);
  const value = equalsAt < 0 ? '' : written.slice(equalsAt + 1);
  const decodedName = decoded(writtenName);
  const shown = sanitizeForDisplay(decodedName ?? writtenName);
  if (decodedName === undefined) {
    return { written, name: undefined, lenientName: '', shown, value };
  }
  const name = asciiLowerCase(decodedName);
  return { written, name, lenientName: lenientNameOf(name), shown, value };
}

function lenientNameOf(name: string): string {
  // `%25` stands for a percent sign, so this removes all levels of encoding but the last.
  const encodedOnce = name.replaceAll(/%(?:25)+/g, '%');
  const text = decoded(encodedOnce) ?? encodedOnce;
  return asciiLowerCase(text.replaceAll(/[\s+\p{C}]/gu, ''));
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
