import { decodeJwt, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { type Issuer, SallyportError } from '../contract/index.js';
import type { IssuerKeys } from './issuer-keys.js';

/** Only signatures with a public key: with a shared one (HS256), the published key itself could sign. */
const ASYMMETRIC = /^(RS|PS|ES)(256|384|512)$|^EdDSA$|^Ed25519$/;

/** `iss` of a token that is not verified yet; undefined when it is no JWT. Used only to choose the issuer that must verify it. */
export function claimedIssuer(token: string): string | undefined {
  if (!/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/.test(token)) return undefined;
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Checks signature, algorithm, issuer, audience, type, expiry and not-before, as the issuer's settings say.
 * @throws SallyportError expired_credential, bad_credential, identity_unavailable
 */
export async function verifyToken(token: string, issuer: Issuer, keys: IssuerKeys, nowMs: number): Promise<JWTPayload & { exp: number }> {
  const options: JWTVerifyOptions = {
    issuer: issuer.url,
    audience: issuer.audience,
    algorithms: issuer.algorithms.filter((algorithm) => ASYMMETRIC.test(algorithm)),
    clockTolerance: issuer.clockSkewSeconds,
    requiredClaims: ['exp'],
    currentDate: new Date(nowMs),
    ...(issuer.typ === undefined ? {} : { typ: issuer.typ }),
  };
  try {
    return (await verifyWithAny(token, keys, options)) as JWTPayload & { exp: number };
  } catch (error) {
    throw refusal(error, issuer);
  }
}

/** A token without `kid` may fit several published keys of the same kind. */
async function verifyWithAny(token: string, keys: IssuerKeys, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys.resolve, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (inner) {
        if (!(inner instanceof errors.JWSSignatureVerificationFailed)) throw inner;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function refusal(error: unknown, issuer: Issuer): SallyportError {
  if (error instanceof SallyportError) return error;
  const rule = 'issuers';
  if (error instanceof errors.JWTExpired) {
    return new SallyportError('expired_credential', `The token of ${issuer.name} has expired. Get a new one.`, { rule });
  }
  return new SallyportError('bad_credential', `The token of ${issuer.name} is refused: ${reason(error)}.`, { rule });
}

function reason(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed) {
    const claim = error.claim;
    if (claim === 'aud') return 'it is not meant for this gateway (aud)';
    if (claim === 'typ') return 'it is another type of token (typ)';
    if (claim === 'nbf') return 'it is not valid yet (nbf)';
    return `its "${claim}" is missing or wrong`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not allowed';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  return 'it cannot be read';
}
