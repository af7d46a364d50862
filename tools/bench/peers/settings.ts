/** What every peer is told, from the environment. */
export const settings = {
  port: Number(required('PORT')),
  /** Root of the upstream, such as `http://127.0.0.1:9400`. */
  upstreamUrl: required('UPSTREAM_URL'),
  /** The bearer token that goes up. */
  upstreamToken: required('UPSTREAM_TOKEN'),
  keySetUrl: required('KEY_SET_URL'),
  issuer: required('ISSUER'),
  audience: required('AUDIENCE'),
  /** The role without which a caller gets 403. */
  role: required('ROLE'),
};

/** Connections to the upstream; as many as the generator has. */
export const UPSTREAM_CONNECTIONS = 64;

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new TypeError(`${name} is not set`);
  return value;
}
