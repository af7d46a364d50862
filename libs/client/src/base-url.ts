import { requireString } from './arguments.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads the address of the proxy. The result has neither `/v1.0` nor a trailing slash.
 *
 * @throws TypeError if `baseUrl` is invalid
 */
export function readBaseUrl(baseUrl: string, allowInsecureConnection: boolean): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new TypeError(
      'baseUrl must be an http or https URL, such as https://bookings.contoso.com',
    );
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('baseUrl must have no user, password, query or fragment');
  }
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname) && !allowInsecureConnection) {
    throw new TypeError(
      'baseUrl must be https, because a bearer token is sent; allowInsecureConnection: true permits http',
    );
  }
  // Users of Graph's SDKs expect the version in the address.
  return withoutSlashes(`${url.origin}${url.pathname}`).replace(/\/v1\.0$/i, '');
}

/** Not a regular expression, which would take quadratic time for many slashes. */
function withoutSlashes(address: string): string {
  let end = address.length;
  while (address[end - 1] === '/') end -= 1;
  return address.slice(0, end);
}

/**
 * Encodes `key` as one path segment.
 *
 * @throws TypeError if it cannot be one
 */
export function pathSegment(name: string, key: string): string {
  requireString(name, key);
  // A URL drops segments of dots, even percent-encoded, and would lead to another path.
  // A segment that starts with a dollar belongs to OData, such as $count.
  if (/^(?:\.{0,2}$|\$)/.test(key) || !key.isWellFormed()) {
    throw new TypeError(`${name} must be a text that can be a segment of a URL's path`);
  }
  // encodeURIComponent leaves these characters, which have a meaning in OData.
  return encodeURIComponent(key).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
