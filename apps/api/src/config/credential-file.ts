import { readFileSync } from 'node:fs';
import { credentialFileFault } from './file-faults.ts';

/** Called with the fault when a changed file cannot be used, and without one when it is in use. */
export type CredentialChange = (fault?: Error) => void;

/** Where a credential comes from: a setting, or a file that is renewed. */
export interface CredentialSource<T> {
  /** @throws Error whose message is for the log */
  read(): T;
  onChange(listener: CredentialChange): void;
}

/** A credential from a setting. */
export function fixedCredential<T>(value: T): CredentialSource<T> {
  return { read: () => value, onChange: () => undefined };
}

/**
 * A credential in a file that is replaced while the process runs. It is read for each token, because
 * file system events miss the links that Kubernetes swaps. While a changed file cannot be used, the
 * last usable credential stays in use.
 */
export class CredentialFile<T> implements CredentialSource<T> {
  #listener: CredentialChange = () => undefined;
  #inUse: { readonly text: string; readonly value: T } | undefined;
  #fault: string | undefined;

  /**
   * @param setting that names the file
   * @param parse throws an Error whose message follows the name of the setting and has nothing of
   *   the file
   */
  constructor(
    private readonly setting: string,
    private readonly path: string,
    private readonly parse: (text: string) => T,
  ) {}

  onChange(listener: CredentialChange): void {
    this.#listener = listener;
  }

  read(): T {
    const fault = this.refresh();
    if (this.#inUse !== undefined) return this.#inUse.value;
    throw new Error(`${this.setting} ${fault ?? ''}`);
  }

  /** Reads the file. @returns why it cannot be used, to follow the name of the setting */
  refresh(): string | undefined {
    const earlier = this.#inUse;
    try {
      const text = readText(this.path);
      const wasFaulty = this.#fault !== undefined;
      if (text !== earlier?.text) this.#inUse = { text, value: this.parse(text) };
      this.#fault = undefined;
      // A file that gets its earlier text back can be used again, which ends the alarm.
      if (earlier !== undefined && (wasFaulty || earlier !== this.#inUse)) this.#listener();
      return undefined;
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      // The file may be read many times before it is corrected.
      const isNew = fault !== this.#fault;
      this.#fault = fault;
      if (isNew && earlier !== undefined) this.#listener(new Error(`${this.setting} ${fault}`));
      return fault;
    }
  }
}

function readText(path: string): string {
  const fault = credentialFileFault(path);
  if (fault !== undefined) throw new Error(fault);
  return readFileSync(path, 'utf8');
}

/** A secret in a file, which may end with a line break. */
export function parseSecret(text: string): string {
  const secret = text.trim();
  if (secret === '') throw new Error('names an empty file');
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new Error('names a file with more than a secret');
  }
  return secret;
}
