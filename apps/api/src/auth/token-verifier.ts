import { type Caller, GraphError } from '@bookings/domain';
import { type JWTClaimVerificationOptions, type JWTPayload, errors } from 'jose';
import type { AuthConfig } from '../config/config.ts';
import { endOfTurn } from '../http/end-of-turn.ts';
import { foreignTenant, invalidToken, keysUnreachable } from './auth-errors.ts';
import { callerOf } from './caller.ts';
import { KeySet, KeySetUnreachable } from './key-set.ts';
import { RememberedTokens } from './remembered-tokens.ts';
import { type SignedToken, partsOf, signedClaims } from './signed-claims.ts';
import type { SigningKey } from './signing-keys.ts';
import { TokenHeaders } from './token-headers.ts';
import { endsInTime, isIssuerOf } from './token-shape.ts';

/** Leeway for `exp` and `nbf`, for clocks that differ. */
const CLOCK_LEEWAY_SECONDS = 5;

/** Says who calls, from an access token for this proxy (RS256, Microsoft identity platform). */
export class TokenVerifier {
  readonly #headers = new TokenHeaders();
  readonly #remembered = new RememberedTokens();
  readonly #keys: KeySet;
  readonly #rules: JWTClaimVerificationOptions;

  constructor(private readonly config: AuthConfig) {
    this.#keys = new KeySet(config.jwksUrl, () => {
      this.#remembered.clear();
    });
    this.#rules = {
      audience: [...config.audiences],
      clockTolerance: CLOCK_LEEWAY_SECONDS,
      requiredClaims: ['iss', 'aud', 'exp', 'tid'],
    };
  }

  /**
   * Who calls; at once where the token is remembered, which is true of nearly every request.
   *
   * @param connection that the token came over
   * @throws GraphError 401, 403 for a tenant that is not accepted, 503 when keys cannot be had
   */
  verify(token: string, connection: object): Promise<Caller> | Caller {
    return this.#known(token, connection) ?? this.#verifyAnew(token, connection);
  }

  unavailable(): Promise<string | undefined> {
    return this.#keys.unavailable();
  }

  close(): void {
    this.#keys.close();
  }

  #known(token: string, connection: object): Caller | undefined {
    // A token is good no longer than the key that it was verified with.
    this.#keys.endOutdated();
    return this.#remembered.get(token, connection, Date.now());
  }

  async #verifyAnew(token: string, connection: object): Promise<Caller> {
    // New in one turn, they are verified together: by itself each costs half as much again.
    await endOfTurn.reached('token');
    // It may have come several times in this turn, as with the parts of a batch.
    const known = this.#known(token, connection);
    if (known) return known;
    const { generation } = this.#remembered;
    let claims: JWTPayload;
    try {
      const verified = this.#verifiedClaims(token);
      claims = verified instanceof Promise ? await verified : verified;
    } catch (error) {
      throw refusal(error);
    }
    const caller = this.#callerIn(claims);
    this.#remembered.add(token, caller, (claims.exp ?? 0) * 1000, generation);
    return caller;
  }

  /** At once where the key is there, so that the next one of this turn finds it remembered. */
  #verifiedClaims(token: string): Promise<JWTPayload> | JWTPayload {
    const parts = partsOf(token);
    const keyId = this.#headers.keyIdIn(parts.encodedHeader);
    if (keyId === undefined) throw unknownKey();
    const found = this.#keys.find(keyId);
    return found instanceof Promise
      ? found.then((key) => this.#claimsUnder(key, parts, keyId))
      : this.#claimsUnder(found, parts, keyId);
  }

  #claimsUnder(key: SigningKey | undefined, parts: SignedToken, keyId: string): JWTPayload {
    if (!key) throw unknownKey();
    const claims = signedClaims(parts, key.key, this.#rules);
    if (!endsInTime(claims, Date.now())) throw invalidToken('The token lasts too long.');
    // Entra's tokens have one audience; one of many could be meant for somebody else.
    if (typeof claims.aud !== 'string') throw invalidToken('The token must have one audience.');
    if (!this.#issuerAccepted(claims, key)) {
      throw invalidToken("The token's issuer is not accepted here.");
    }
    this.#headers.accept(parts.encodedHeader, keyId);
    return claims;
  }

  #callerIn(claims: JWTPayload): Caller {
    const caller = callerOf(claims);
    if (!caller)
      throw invalidToken('The token does not say which application of which tenant calls.');
    const { tenants } = this.config;
    const accepted = tenants.length === 0 || tenants.includes(caller.tenantId.toLowerCase());
    // A personal account is refused in its own words, by the permission table.
    if (!accepted && !caller.personal) throw foreignTenant();
    return caller;
  }

  #issuerAccepted({ iss, tid }: JWTPayload, key: SigningKey): boolean {
    if (typeof tid !== 'string') return false;
    const accepted = this.config.issuers.some(
      (issuer) => issuer.replaceAll('{tid}', () => tid) === iss && isIssuerOf(iss, tid),
    );
    // Entra's common key set says of a key whose tokens it signs: any tenant's, or one tenant's. It
    // spells that as a v2 issuer, and signs v1 tokens with the same key.
    const { issuer = '{tenantid}' } = key;
    return accepted && (issuer.includes('{tenantid}') || issuer.includes(tid));
  }
}

function unknownKey(): GraphError {
  return invalidToken('The token is signed with a key that its issuer does not publish.');
}

function refusal(error: unknown): GraphError {
  if (error instanceof KeySetUnreachable) return keysUnreachable(error);
  return error instanceof GraphError ? error : invalidToken(reason(error), error);
}

/** What is wrong with a token, in words that hold nothing of it. */
function reason(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf') return 'The token is not valid yet.';
    if (error.claim === 'aud') return "The token's audience is not this service.";
    return `The token's claim ${error.claim} is missing or not accepted.`;
  }
  return 'The token is not a valid access token.';
}
