/** One accepted issuer of tokens, as it stands in the `ISSUERS` variable (a JSON array of these). */
export interface IssuerConfig {
  /** The `iss` claim, exactly. */
  readonly issuer: string;
  readonly jwksUri: string;
  /** Accepted `client_id` (Cognito access tokens) or `aud` values; at least one. */
  readonly clients: readonly string[];
  /** Required value of `token_use`; absent for issuers that do not set it. */
  readonly tokenUse?: 'access';
  /** Claim that holds the groups, which are the roles. */
  readonly groupsClaim: string;
  /** Roles that this issuer may vouch for; others in the claim are ignored. */
  readonly roles: readonly string[];
  /** Minutes after its `iat` from which a token is not taken any more, whatever its `exp`; absent: `exp` alone decides. */
  readonly maxTokenMinutes?: number;
}
