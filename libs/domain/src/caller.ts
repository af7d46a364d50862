/** `delegated`: a service calls on behalf of a user. `application`: a service calls as itself. */
export type TokenKind = 'delegated' | 'application';

/** The caller, as its verified token names it. Holds no personal name and no e-mail address. */
export interface Caller {
  readonly kind: TokenKind;
  /** The calling application: `azp`, or `appid` in v1 tokens. */
  readonly appId: string;
  readonly tenantId: string;
  /** The user's object id; absent for an application, and where the token has none. */
  readonly objectId?: string;
  /** `sub` of a user without an object id: always the same for one user and application. */
  readonly subject?: string;
  /** Delegated scopes (`scp`) or application roles (`roles`), as `kind` says. */
  readonly permissions: readonly string[];
  /** Whether the user has a personal Microsoft account, which no operation supports. */
  readonly personal: boolean;
}
