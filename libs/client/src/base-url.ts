const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address under which `/v1.0` lies, without a slash at its end.
 *
 * @throws TypeError that says what is wrong with `baseUrl` and what would be right
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
  // Whoever comes from Graph's SDKs writes the version into the address.
  return withoutSlashes(`${url.origin}${url.pathname}`).replace(/\/v1\.0$/i, '');
}

/** By hand: a regular expression would begin again at each of many slashes. */
function withoutSlashes(address: string): string {
  let end = address.length;
  while (address[end - 1] === '/') end -= 1;
  return address.slice(0, end);
}

/**
 * `key` as one segment of a path.
 *
 * @throws TypeError for what cannot be one
 */
export function pathSegment(name: string, key: string): string {
  // A URL drops segments of dots, percent-encoded or not: the request would go elsewhere.
  // One that begins with a dollar is OData's own, such as $count.
  if (/^(?:\.{0,2}$|\$)/.test(key) || !key.isWellFormed()) {
    throw new TypeError(`${name} must be a text that can be a segment of a URL's path`);
  }
  // Signs that are left as they are, and mean something to OData.
  return encodeURIComponent(key).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
