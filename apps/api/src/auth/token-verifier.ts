import { type Caller, GraphError } from '@bookings/domain';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import {
  type JWTHeaderParameters,
  type JWTPayload,
  type JWTVerifyOptions,
  decodeProtectedHeader,
  errors,
  jwtVerify,
} from 'jose';
import { CONFIG } from '../config/config.token.ts';
import type { AuthConfig, Config } from '../config/config.ts';
import { errorFields } from '../observability/error-fields.ts';
import { Log } from '../observability/logging.ts';
import { foreignAudience, foreignTenant, invalidToken, keysUnavailable } from './auth-errors.ts';
import { callerOf } from './caller.ts';
import { KeySet, KeySetUnavailable } from './jwks.ts';
import type { SigningKey } from './signing-keys.ts';
import { TokenCache } from './token-cache.ts';
import {
  assertCompact,
  assertPlainHeader,
  assertUnambiguous,
  hasPlausibleExpiry,
  isIssuerOf,
} from './token-checks.ts';

/** Leeway for `exp` and `nbf`, for clocks that differ. */
const CLOCK_LEEWAY_SECONDS = 5;

/** Verifies access tokens for this proxy (RS256, Microsoft identity platform). */
@Injectable()
export class TokenVerifier implements OnModuleDestroy {
  readonly #cache = new TokenCache();
  readonly #keys: KeySet;
  readonly #options: JWTVerifyOptions;

  readonly #config: AuthConfig;

  constructor(@Inject(CONFIG) { auth }: Pick<Config, 'auth'>, log: Log) {
    this.#config = auth;
    this.#keys = new KeySet(auth.jwksUrl, {
      changed: () => {
        this.#cache.clear();
      },
      failed: (error) => {
        log.write('keySet', { 'url.full': auth.jwksUrl, ...errorFields(error) });
      },
      recovered: () => {
        log.write('keySetAgain');
      },
    });
    this.#options = {
      algorithms: ['RS256'],
      audience: [...auth.audiences],
      clockTolerance: CLOCK_LEEWAY_SECONDS,
      requiredClaims: ['iss', 'aud', 'exp', 'tid'],
    };
  }

  /** @throws GraphError 401, 403 for a tenant that is not accepted, 503 without keys */
  async verify(token: string): Promise<Caller> {
    // A cached token must not outlive the key that verified it.
    this.#keys.expireKeys();
    const cached = this.#cache.get(token);
    if (cached) return cached;
    const { generation } = this.#cache;
    const claims = await this.#claims(token).catch((error: unknown) => {
      throw refusal(error, this.#config.audiences);
    });
    const caller = this.#callerIn(claims);
    this.#cache.add(token, caller, (claims.exp ?? 0) * 1000, generation);
    return caller;
  }

  unavailable(): Promise<string | undefined> {
    return this.#keys.unavailable();
  }

  /** Age of the key set; undefined while there is none. */
  get keySetAgeMs(): number | undefined {
    return this.#keys.ageMs;
  }

  onModuleDestroy(): void {
    this.#keys.close();
  }

  /** The claims of a valid token. */
  async #claims(token: string): Promise<JWTPayload> {
    assertCompact(token);
    assertPlainHeader(decodeProtectedHeader(token));
    let signedWith: SigningKey | undefined;
    const getKey = async ({ kid }: JWTHeaderParameters) => {
      signedWith = typeof kid === 'string' ? await this.#keys.find(kid) : undefined;
      if (!signedWith) throw unknownKey();
      return signedWith.key;
    };
    const { payload, protectedHeader } = await jwtVerify(token, getKey, this.#options);
    assertUnambiguous(token, protectedHeader, payload);
    if (!hasPlausibleExpiry(payload, Date.now()))
      throw invalidToken('lifetime', 'The token expires too far in the future.');
    // Entra's tokens have one audience. With several, another service could be meant.
    if (typeof payload.aud !== 'string') {
      throw invalidToken('one-audience', 'The token must have one audience.');
    }
    if (!this.#issuerAccepted(payload, signedWith)) {
      throw invalidToken('issuer', "The token's issuer is not accepted.");
    }
    return payload;
  }

  #callerIn(claims: JWTPayload): Caller {
    const caller = callerOf(claims);
    if (!caller) {
      throw invalidToken('caller', 'The token does not identify an application and a tenant.');
    }
    // Users who cannot be told apart would share their idempotency keys.
    if (caller.kind === 'delegated' && (caller.objectId ?? caller.subject) === undefined) {
      throw invalidToken(
        'user',
        'The token does not identify its user: it has neither oid nor sub.',
      );
    }
    const { tenants } = this.#config;
    const accepted = tenants.length === 0 || tenants.includes(caller.tenantId.toLowerCase());
    // `authorize` refuses a personal account with an error of its own.
    if (!accepted && !caller.personal) throw foreignTenant();
    return caller;
  }

  #issuerAccepted({ iss, tid }: JWTPayload, key: SigningKey | undefined): boolean {
    if (typeof tid !== 'string') return false;
    const accepted = this.#config.issuers.some(
      (issuer) => issuer.replaceAll('{tid}', () => tid) === iss && isIssuerOf(iss, tid),
    );
    // Entra's common key set names the issuer of each key: one tenant or any. The same key signs v1
    // tokens, but the name is always a v2 issuer.
    const issuer = key?.issuer ?? '{tenantid}';
    return accepted && (issuer.includes('{tenantid}') || issuer.includes(tid));
  }
}

function unknownKey(): GraphError {
  return invalidToken('key', 'The token is signed with a key that its issuer does not publish.');
}

function refusal(error: unknown, audiences: readonly string[]): GraphError {
  if (error instanceof KeySetUnavailable) return keysUnavailable(error);
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
    return foreignAudience(audiences, error);
  }
  return error instanceof GraphError ? error : brokenRule(error);
}

/** The rule that jose found broken. The message contains nothing of the token. */
function brokenRule(error: unknown): GraphError {
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return invalidToken('algorithm', 'The token must be signed with RS256.', error);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return invalidToken('signature', "The token's signature does not verify.", error);
  }
  if (error instanceof errors.JWTExpired) {
    return invalidToken('expired', 'The token has expired.', error);
  }
  if (!(error instanceof errors.JWTClaimValidationFailed)) {
    return invalidToken('form', 'The token is not a valid access token.', error);
  }
  const { claim } = error;
  if (claim === 'nbf') return invalidToken('not-before', 'The token is not valid yet.', error);
  const why = `The token's claim ${claim} is missing or not accepted.`;
  return invalidToken(claim === 'iss' ? 'issuer' : 'claim', why, error);
}
