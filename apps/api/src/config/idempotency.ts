import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readFault, storeFault } from './file-faults.ts';
import { secretFileFault, type StoreOptions } from '@bookings/idempotency';
import type { SettingReader } from './setting-reader.ts';

/** Settings of idempotent creates. */
export interface IdempotencyConfig extends StoreOptions {
  /** Whether a create without an Idempotency-Key is refused. */
  readonly keyRequired: boolean;
  /** How long finished keys are kept. */
  readonly retentionMs: number;
  readonly settleMs: number;
}

const HOUR_MS = 3_600_000;
/** A year. */
const MAX_RETENTION_HOURS = 8784;
/** 16 characters of Base64 are 96 bits, which is too many to guess. */
const MIN_SECRET_LENGTH = 16;

export function readIdempotency(reader: SettingReader): IdempotencyConfig {
  const url = stateUrl(reader);
  return {
    url,
    secret: stateSecret(reader, url),
    previousSecret: previousSecret(reader),
    keyRequired: reader.oneOf('IDEMPOTENCY_KEY', ['optional', 'required']) === 'required',
    retentionMs: reader.integer('IDEMPOTENCY_RETENTION_HOURS', 1, MAX_RETENTION_HOURS) * HOUR_MS,
    settleMs: reader.integer('IDEMPOTENCY_SETTLE_MS', 0, HOUR_MS),
  };
}

function stateUrl(reader: SettingReader): string {
  const expected = 'sqlite:PATH, or postgres://USER@HOST/DATABASE';
  const url = reader.text('STATE_URL', expected) ?? '';
  const isFile = url.startsWith('sqlite:') && !/^sqlite:(?:$|:|\/\/)/.test(url);
  if (url !== '' && !isFile && !isPostgres(url)) {
    reader.fault('STATE_URL', 'is not the URL of a store', expected);
  }
  const fault = isFile ? storeFault(filePath(url)) : undefined;
  if (fault !== undefined) {
    const place = 'a file in a folder that this process may write to, or may create';
    reader.fault('STATE_URL', fault, place);
  }
  return url;
}

function isPostgres(url: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url);
}

function stateSecret(reader: SettingReader, url: string): string | undefined {
  const expected = `a secret of at least ${MIN_SECRET_LENGTH} characters, the same for every replica`;
  const secret = reader.text('STATE_SECRET', expected);
  if (secret === undefined && isPostgres(url)) reader.fault('STATE_SECRET', 'is missing', expected);
  if (secret !== undefined && secret.length < MIN_SECRET_LENGTH) {
    reader.fault('STATE_SECRET', 'is too short', expected);
  }
  if (secret === undefined && url.startsWith('sqlite:')) checkSecretFile(reader, filePath(url));
  return secret;
}

function previousSecret(reader: SettingReader): string | undefined {
  const expected = `the secret before the last rotation, of at least ${MIN_SECRET_LENGTH} characters`;
  const secret = reader.text('STATE_SECRET_PREVIOUS', expected);
  if (secret !== undefined && secret.length < MIN_SECRET_LENGTH) {
    reader.fault('STATE_SECRET_PREVIOUS', 'is too short', expected);
  }
  return secret;
}

/** The process makes the file when there is none. One that it may not use stops it for good. */
function checkSecretFile(reader: SettingReader, path: string): void {
  const file = `${path}.secret`;
  if (!existsSync(file)) return;
  const fault = readFault(file) === undefined ? secretFileFault(statSync(file)) : 'cannot be read';
  if (fault === undefined) return;
  const wrong = `is missing, and the secret beside the file of STATE_URL ${fault}`;
  reader.fault('STATE_SECRET', wrong, 'a secret, or a readable file PATH.secret');
}

/** The path of a `sqlite:` URL. */
function filePath(url: string): string {
  return resolve(url.slice('sqlite:'.length));
}
