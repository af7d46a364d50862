import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const TENANT = '3c1f0a3e-7b52-4d0f-9f1b-6a2d8e4c5b70';
const CALLER = '5c8f1b1e-2f0a-4c55-8a3d-7e6b9d0c1f22';
const head = { typ: 'JWT', alg: 'RS256', kid: 'bench-signing-key' };

export const audience = 'api://bookings-proxy';
export const issuer = `https://login.example.com/${TENANT}/v2.0`;
export const role = 'BookingsAppointment.ReadWrite.All';

const { publicKey, privateKey } = await generateKeyPair(head.alg, { extractable: true });

/** The key set in JSON. */
export const keySet = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), ...head }] });

/** A unique access token of an application, like Entra's of version 2.0. */
export function makeToken(): Promise<string> {
  const [oid, uti] = [randomUUID(), randomUUID()];
  const caller = { azp: CALLER, azpacr: '1', idtyp: 'app', oid, sub: oid, tid: TENANT };
  const times = new SignJWT({ ...caller, roles: [role], uti, ver: '2.0' }).setIssuedAt();
  const token = times.setNotBefore('0s').setExpirationTime('6h').setIssuer(issuer);
  return token.setAudience(audience).setProtectedHeader(head).sign(privateKey);
}
