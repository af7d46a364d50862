/**
 * The claims challenge in a `WWW-Authenticate` header of Graph's or of the token endpoint's making,
 * rewritten for the caller: its realm and addresses are Graph's and mean nothing to it.
 *
 * @returns undefined when there is none
 */
export function claimsChallenge(wwwAuthenticate: string | undefined): string | undefined {
  // The claims are base64 with padding, so the parameter cannot be split at "=".
  const claims = /\bclaims="([A-Za-z0-9+/_-]+={0,2})"/.exec(wwwAuthenticate ?? '')?.[1];
  return claims === undefined ? undefined : challengeFor(claims);
}

/** @param claims base64 of the claims request (Microsoft: claims challenge) */
export function challengeFor(claims: string): string {
  return `Bearer error="insufficient_claims", claims="${claims}"`;
}
