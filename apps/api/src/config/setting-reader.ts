import { BlockList, isIP } from 'node:net';
import { appendFault } from './file-faults.ts';
import { SETTINGS } from './settings.ts';

/** A fault of one setting. Never contains the value, which may be a misplaced secret. */
export interface SettingFault {
  readonly key: string;
  readonly wrong: string;
  readonly expected: string;
}

const HTTPS_URL = 'an https URL (http only for a loopback host)';

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads settings and collects their faults instead of stopping at the first. */
export class SettingReader {
  readonly faults: SettingFault[] = [];
  readonly #read = new Set<string>();

  constructor(private readonly env: Environment) {}

  fault(key: string, wrong: string, expected: string): void {
    this.faults.push({ key, wrong, expected });
  }

  /** The value or the default of a setting; undefined without one, or when it is invalid. */
  text(key: string, expected: string): string | undefined {
    const defaultValue = SETTINGS.find((setting) => setting.key === key)?.default;
    if (defaultValue === undefined) throw new TypeError(`${key} is not in the table of settings`);
    this.#read.add(key);
    const given = this.env[key];
    if (given?.trim() === '') this.fault(key, 'is empty', expected);
    else if (given !== undefined && hasPlaceholder(key, given)) {
      this.fault(key, 'has a placeholder in braces', expected);
    } else if (given !== undefined) return given.trim();
    else if (defaultValue === 'required') this.fault(key, 'is missing', expected);
    else if (defaultValue !== 'none') return defaultValue;
    return undefined;
  }

  /** Judges what no other setting needs, such as what belongs to another kind of credential. */
  readOthers(): void {
    for (const { key } of SETTINGS) {
      if (this.has(key) && !this.#read.has(key)) this.text(key, 'a value, or no such setting');
    }
  }

  /** Whether it is set, validly or not. */
  has(key: string): boolean {
    return this.env[key] !== undefined;
  }

  list(key: string, expected: string): readonly string[] {
    const text = this.text(key, expected);
    if (text === undefined) return [];
    const items = text.split(',').map((item) => item.trim());
    const named = items.filter((item) => item !== '');
    if (named.length === 0) this.fault(key, 'is an empty list', expected);
    return named;
  }

  oneOf<T extends string>(key: string, members: readonly T[]): T | undefined {
    const expected = `one of ${members.join(', ')}`;
    const given = this.text(key, expected);
    const member = members.find((each) => each === given);
    if (given !== undefined && member === undefined)
      this.fault(key, 'is not an allowed value', expected);
    return member;
  }

  integer(key: string, min: number, max: number): number {
    const expected = `a whole number from ${min} to ${max}`;
    const given = this.text(key, expected) ?? '';
    const value = /^\d+$/.test(given) ? Number(given) : NaN;
    if (value >= min && value <= max) return value;
    if (given !== '') this.fault(key, 'is not a number in the allowed range', expected);
    return min;
  }

  /** Undefined when the setting is absent. */
  optionalInteger(key: string, min: number, max: number): number | undefined {
    return this.has(key) ? this.integer(key, min, max) : undefined;
  }

  /**
   * An absolute https URL without credentials, query and fragment. A base URL has no slash at its end.
   *
   * @param isBase whether paths are appended to it
   * @param plainHttp whether http is accepted for every host, not only for loopback
   */
  url(key: string, { plainHttp = false, isBase = true } = {}): string | undefined {
    const scheme = plainHttp ? 'an http or https URL' : HTTPS_URL;
    const expected = `${scheme}, without query or credentials`;
    const given = this.text(key, expected);
    if (given === undefined) return undefined;
    const wrong = urlFault(given, plainHttp);
    if (wrong !== undefined) this.fault(key, wrong, expected);
    if (wrong !== undefined) return undefined;
    const { href } = new URL(given);
    return isBase ? href.replace(/\/+$/, '') : href;
  }

  /** The path of a file that can be appended to or created. Does not create it. */
  appendableFile(key: string): string | undefined {
    const expected = 'a file that can be read and appended to, or created, in an existing folder';
    const given = this.text(key, expected);
    const wrong = given === undefined ? undefined : appendFault(given);
    if (wrong !== undefined) this.fault(key, wrong, expected);
    return given;
  }

  networks(key: string): BlockList {
    const expected = 'comma-separated addresses or networks such as 10.0.0.0/8 or ::1, or none';
    const networks = new BlockList();
    const given = this.list(key, expected);
    if (given.length === 1 && given[0] === 'none') return networks;
    for (const network of given) {
      if (!addNetwork(networks, network)) this.fault(key, 'contains an invalid network', expected);
    }
    return networks;
  }
}

/** Examples have placeholders such as `{tenant}`. One that is left in is a mistake. */
function hasPlaceholder(key: string, given: string): boolean {
  return /[{}]/.test(key === 'AUTH_ISSUERS' ? given.replaceAll('{tid}', '') : given);
}

/** @param hostname of a `URL` */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function urlFault(text: string, plainHttp: boolean): string | undefined {
  if (!/^[a-z]+:\/\//i.test(text) || !URL.canParse(text)) return 'is not a URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'is not an https URL';
  if (url.protocol === 'http:' && !plainHttp && !isLoopback(url.hostname)) {
    return 'uses http without TLS';
  }
  if (url.username !== '' || url.password !== '') return 'contains credentials';
  return /[?#]/.test(text) ? 'has a query or a fragment' : undefined;
}

function addNetwork(networks: BlockList, text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : NaN;
  if (version === 0 || rest.length > 0 || !(length <= bits)) return false;
  networks.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6');
  return true;
}
