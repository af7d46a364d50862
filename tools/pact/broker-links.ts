/**
 * The path of a link, from the root of the broker. A broker behind a gateway may link to an internal
 * host, or leave out the path that the gateway adds. Credentials are sent only to the configured
 * address, so only the path of a link is used.
 *
 * @param url the configured address, without a trailing slash
 * @param self the address that the broker gives itself
 */
export function linkPath(href: string, url: string, self = `${url}/`): string {
  for (const base of [self.replace(/\/+$/, ''), url]) {
    if (href === base || href.startsWith(`${base}/`)) return href.slice(base.length) || '/';
  }
  const path = href.replace(/^https?:\/\/[^/]*/, '');
  const prefix = new URL(url).pathname.replace(/\/+$/, '');
  if (path.startsWith(`${prefix}/`)) return path.slice(prefix.length);
  // Without the slash, it would become a part of the host.
  return path.startsWith('/') ? path : `/${path}`;
}

/** `json` with the links of the broker to `to` instead. The rest keeps its bytes, as pacts must. */
export function relink(json: string, to: string, pathOf: (href: string) => string): string {
  return json.replaceAll(
    /("href"\s*:\s*")(https?:[^"\\]*)"/g,
    (_link, name: string, href: string) => `${name}${to}${pathOf(href)}"`,
  );
}
