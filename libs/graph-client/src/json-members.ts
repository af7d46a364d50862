import { isUtf8 } from 'node:buffer';
import { MOST_LEVELS } from '@bookings/domain';
import { NO_TOKEN, endOfScalar, endOfText } from './json-text.ts';

/** A member of a JSON object, and where its value lies. */
export interface Member {
  readonly name: string;
  readonly kind: 'text' | 'list' | 'object' | 'scalar';
  /** Of the value; a text has its quotes. */
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const END = -1;

/**
 * The members of the outermost object of `json`, in their order, duplicates too. Reads every byte and
 * builds nothing, which a page of a thousand customers is too large for.
 *
 * @returns undefined for what is not JSON in UTF-8, no object, or deeper than MOST_LEVELS
 */
export function membersOf(json: Buffer): readonly Member[] | undefined {
  return isUtf8(json) ? new Reader(json).read() : undefined;
}

class Reader {
  readonly #json: Buffer;
  readonly #members: Member[] = [];
  #at = 0;
  #depth = 0;
  /** One bit for each level that is open, the innermost last: 1 for an object, 0 for a list. */
  #objects = 0;
  /** Whether a value, or a name and a value, must come next; else a comma or an end. */
  #wantsValue = true;
  /** Of the outermost object's member that is being read. */
  #name = '';
  #start = 0;

  constructor(json: Buffer) {
    this.#json = json;
  }

  read(): readonly Member[] | undefined {
    if (this.#skipSpace() !== OPEN_OBJECT || !this.#open(true)) return undefined;
    while (this.#depth > 0) {
      const wellFormed = this.#wantsValue ? this.#value() : this.#separator();
      if (!wellFormed) return undefined;
    }
    return this.#skipSpace() === END ? this.#members : undefined;
  }

  /** Goes to the next byte that means something. */
  #skipSpace(): number {
    for (;;) {
      const byte = this.#json[this.#at] ?? END;
      if (byte > 0x20 || byte === END) return byte;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      this.#at += 1;
    }
  }

  #open(isObject: boolean): boolean {
    this.#at += 1;
    this.#depth += 1;
    this.#objects = (this.#objects << 1) | Number(isObject);
    this.#wantsValue = this.#skipSpace() !== (isObject ? CLOSE_OBJECT : CLOSE_LIST);
    return this.#depth <= MOST_LEVELS;
  }

  #separator(): boolean {
    const byte = this.#skipSpace();
    this.#at += 1;
    if (byte === COMMA) {
      this.#wantsValue = true;
      return true;
    }
    const isObject = (this.#objects & 1) === 1;
    if (byte !== (isObject ? CLOSE_OBJECT : CLOSE_LIST)) return false;
    this.#depth -= 1;
    this.#objects >>>= 1;
    if (this.#depth === 1) this.#note(isObject ? 'object' : 'list');
    return true;
  }

  #value(): boolean {
    if ((this.#objects & 1) === 1 && !this.#nameAndColon()) return false;
    const byte = this.#skipSpace();
    if (this.#depth === 1) this.#start = this.#at;
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) return this.#open(byte === OPEN_OBJECT);
    const isText = byte === QUOTE;
    const end = isText ? endOfText(this.#json, this.#at) : endOfScalar(this.#json, this.#at);
    this.#at = end;
    if (this.#depth === 1) this.#note(isText ? 'text' : 'scalar');
    this.#wantsValue = false;
    return end !== NO_TOKEN;
  }

  #nameAndColon(): boolean {
    if (this.#skipSpace() !== QUOTE) return false;
    const end = endOfText(this.#json, this.#at);
    if (end === NO_TOKEN) return false;
    if (this.#depth === 1) this.#name = textAt(this.#json, this.#at, end);
    this.#at = end;
    if (this.#skipSpace() !== COLON) return false;
    this.#at += 1;
    return true;
  }

  #note(kind: Member['kind']): void {
    this.#members.push({ name: this.#name, kind, start: this.#start, end: this.#at });
  }
}

/** The text that lies there, with its quotes, in well-formed JSON. */
export function textAt(json: Buffer, start: number, end: number): string {
  const value: unknown = JSON.parse(json.toString('utf8', start, end));
  return typeof value === 'string' ? value : '';
}
