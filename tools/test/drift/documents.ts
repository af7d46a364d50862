import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiModel } from '../../drift/api-model.ts';
import { type Change, compare } from '../../drift/compare.ts';
import { readMetadata } from '../../drift/metadata-reader.ts';
import { readPermissions } from '../../drift/permissions-reader.ts';
import { ROOT } from '../command.ts';

const FOLDER = join(ROOT, 'tools/test/drift');
export const METADATA_FILE = join(FOLDER, 'metadata.xml');
export const PERMISSIONS_FILE = join(FOLDER, 'permissions.json');

export const METADATA = readFileSync(METADATA_FILE, 'utf8');
export const PERMISSIONS = readFileSync(PERMISSIONS_FILE, 'utf8');

async function* pieces(text: string): AsyncGenerator<string> {
  // Small pieces divide names and tags.
  for (let at = 0; at < text.length; at += 1000) {
    yield await Promise.resolve(text.slice(at, at + 1000));
  }
}

export function metadataModel(document: string): Promise<ApiModel> {
  return readMetadata('the document', pieces(document));
}

export function permissionsModel(document: string): Promise<ApiModel> {
  return readPermissions('the list', pieces(document));
}

/** A change as `breaking removed property microsoft.graph.phone/number`, with what changed. */
export function summary({ grade, op, element, fact }: Change): string {
  const what = fact === undefined ? '' : ` ${fact}`;
  return `${grade} ${op} ${element.kind} ${element.name}${what}`;
}

/** In their own order, which is not that of the elements. */
export function summaries(before: ApiModel, after: ApiModel): string[] {
  return compare(before, after).map(summary).sort();
}
