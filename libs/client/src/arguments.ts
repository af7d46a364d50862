// Callers in JavaScript are not type-checked. What they pass is judged before anything is sent. No
// message repeats a value, which may be a token or a name.

/** @throws TypeError unless `value` is a string */
export function requireString(name: string, value: unknown): void {
  if (typeof value !== 'string') throw wrong(name, 'a string', value);
}

/** @throws TypeError unless `value` is an object, such as that of options or of a customer */
export function requireObject(name: string, value: unknown): void {
  if (kindOf(value) !== 'an object') throw wrong(name, 'an object', value);
}

/** @throws TypeError unless the options have the types that every method requires */
export function requireRequestOptions(options: unknown): void {
  requireObject('options', options);
  const signal = member(options, 'signal');
  // Not instanceof: the signal may come from another realm.
  if (signal !== undefined && typeof member(signal, 'throwIfAborted') !== 'function') {
    throw wrong('signal', 'an AbortSignal', signal);
  }
}

/** @throws TypeError unless the options of a client have the required types */
export function requireClientOptions(options: unknown): void {
  if (kindOf(options) !== 'an object') {
    throw new TypeError('BookingsClient needs an object with baseUrl and getToken');
  }
  const getToken = member(options, 'getToken');
  if (typeof getToken !== 'function') {
    throw wrong('getToken', 'a function that returns a promise of a token for the proxy', getToken);
  }
  const insecure = member(options, 'allowInsecureConnection');
  if (insecure !== undefined && typeof insecure !== 'boolean') {
    // The text "false" would permit http.
    throw wrong('allowInsecureConnection', 'true or false', insecure);
  }
}

/** @throws TypeError unless `value` is an array of strings */
export function requireStrings(name: string, value: unknown): void {
  if (!Array.isArray(value)) throw wrong(name, 'an array of strings', value);
  for (const each of value) requireString(`each entry of ${name}`, each);
}

function wrong(name: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${name} must be ${expected}, not ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
