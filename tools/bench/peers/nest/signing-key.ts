import { createPublicKey } from 'node:crypto';
import type { JWK } from 'jose';
import { settings } from '../settings.ts';

/** The key set has one key here; it is read once, which costs this peer less than a library would. */
const answer = await fetch(settings.keySetUrl);
const { keys } = (await answer.json()) as { keys: JWK[] };
const [key] = keys;
if (!key) throw new Error('the key set is empty');

export const signingKey = createPublicKey({ key, format: 'jwk' })
  .export({ type: 'spki', format: 'pem' })
  .toString();
