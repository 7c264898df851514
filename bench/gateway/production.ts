import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';

const secret = randomBytes(32).toString('base64');
const [issuer, audience] = ['https://id.example/', 'bouquet'];

/** Every check is on, and the hourly limit counts, but nobody reaches it. */
export const productionEnvironment: NodeJS.ProcessEnv = {
  NODE_ENV: 'production',
  JWT_SECRET: secret,
  JWT_ISSUER: issuer,
  JWT_AUDIENCE: audience,
  RATE_LIMIT_PER_HOUR: '1000000000',
};

/** A token for a user, good for a day, as `productionEnvironment` accepts it. */
export function tokenFor(user: string): Promise<string> {
  return tokenSignedBy(secret, user);
}

/** A token for a user, signed by `key`. */
export function tokenSignedBy(key: string, user: string): Promise<string> {
  return new SignJWT({ scope: 'openid profile', region: 'FR', locale: 'fr-FR' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime('1d')
    .sign(Buffer.from(key));
}
