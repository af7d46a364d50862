import { X509Certificate, createPrivateKey } from 'node:crypto';

/** A certificate and its private key. */
export interface ClientCertificate {
  /** SHA-256 of the certificate, hexadecimal without colons. */
  readonly thumbprintSha256: string;
  /** PEM, not encrypted. */
  readonly privateKey: string;
}

const BLOCK = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g;

/**
 * Reads the text of a PEM file with a certificate and its private key, in any order.
 *
 * @throws Error whose message names the fault and contains nothing of the file
 */
export function parseCertificate(text: string): ClientCertificate {
  const blocks = [...text.matchAll(BLOCK)];
  const certificate = blocks.find(([, label]) => label === 'CERTIFICATE')?.[0];
  const privateKey = blocks.find(([, label]) => label?.endsWith('PRIVATE KEY'))?.[0];
  if (certificate === undefined) throw new Error('contains no PEM certificate');
  if (privateKey === undefined) throw new Error('contains no PEM private key');
  if (privateKey.includes('ENCRYPTED')) throw new Error('contains an encrypted private key');
  const pair = parsed(certificate, privateKey);
  if (!pair.matches) throw new Error('contains a private key that does not match the certificate');
  if (pair.certificate.validFromDate > new Date()) {
    throw new Error('contains a certificate that is not valid yet');
  }
  if (pair.certificate.validToDate < new Date()) throw new Error('contains an expired certificate');
  const thumbprintSha256 = pair.certificate.fingerprint256.replaceAll(':', '');
  return { thumbprintSha256, privateKey };
}

function parsed(certificate: string, privateKey: string) {
  try {
    const x509 = new X509Certificate(certificate);
    return { certificate: x509, matches: x509.checkPrivateKey(createPrivateKey(privateKey)) };
  } catch {
    throw new Error('contains an invalid certificate or private key');
  }
}
