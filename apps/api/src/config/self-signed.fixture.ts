import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

export interface SelfSigned {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly privateKey: string;
}

const DAY_MS = 86_400_000;

/** A self-signed certificate that became valid `daysAgo` days ago, for a day. */
export function selfSigned(daysAgo = 0): SelfSigned {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const key = forge.pki.privateKeyFromPem(privateKey);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - daysAgo * DAY_MS - 1000);
  certificate.validity.notAfter = new Date(Date.now() - (daysAgo - 1) * DAY_MS - 1000);
  const name = [{ name: 'commonName', value: 'bookings-proxy' }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(key, forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), privateKey };
}
