/**
 * Extracts the claims challenge from Graph's `WWW-Authenticate` header. The result is for the
 * caller, so it leaves out Graph's realm and URLs.
 *
 * @returns undefined when there is no challenge
 */
export function claimsChallenge(wwwAuthenticate: string | undefined): string | undefined {
  // Base64 may end with "=", so the header cannot be split at "=".
  const claims = /\bclaims="([A-Za-z0-9+/_-]+={0,2})"/.exec(wwwAuthenticate ?? '')?.[1];
  return claims === undefined ? undefined : challengeFor(claims);
}

/** @param claims base64 of the claims request (see Microsoft's page "Claims challenges") */
export function challengeFor(claims: string): string {
  return `Bearer error="insufficient_claims", claims="${claims}"`;
}
