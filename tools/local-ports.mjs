// The ports of the local stack. They are judged before anything is installed, so this is plain
// JavaScript without dependencies.

/** @typedef {Readonly<Record<string, string | undefined>>} Environment */

/**
 * @param {Environment} env
 * @returns {{ api: number, fake: number }}
 * @throws TypeError, whose message is for the user
 */
export function localPorts(env) {
  const api = port(env, 'PORT', 3000);
  const fake = fakePort(env);
  if (api !== fake || api === 0) return { api, fake };
  throw new TypeError(`PORT and GRAPH_FAKE_PORT must differ, and both are ${api}`);
}

/**
 * The port of the fake Graph.
 *
 * @param {Environment} env
 * @returns {number}
 * @throws TypeError, whose message is for the user
 */
export function fakePort(env) {
  return port(env, 'GRAPH_FAKE_PORT', 4010);
}

/**
 * @param {Environment} env
 * @param {string} key
 * @param {number} defaultPort
 */
function port(env, key, defaultPort) {
  const text = env[key] ?? String(defaultPort);
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 65_535) return value;
  throw new TypeError(`${key} must be a port, a whole number from 0 to 65535, not "${text}"`);
}
