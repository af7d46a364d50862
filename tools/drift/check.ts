import { type ApiModel, modelOf, qualified } from './api-model.ts';
import { compare } from './compare.ts';
import { expectedOf } from './known-differences.ts';
import { fakeModel } from './fake-model.ts';
import { readMetadata } from './metadata-reader.ts';
import { readPermissions } from './permissions-reader.ts';
import { proxyModel } from './proxy-model.ts';
import type { Findings } from './report.ts';
import { CouldNotCompare, readSource } from './source.ts';

export interface Sources {
  readonly metadata: string;
  /** Without it, permission rows are not compared. */
  readonly permissions: string | undefined;
  readonly timeoutMs: number;
}

/**
 * Reads Graph's documents.
 *
 * @throws CouldNotCompare if there is nothing to compare with
 */
export async function readGraph({ metadata, permissions, timeoutMs }: Sources): Promise<ApiModel> {
  const schema = await readMetadata(metadata, readSource(metadata, timeoutMs));
  if (!schema.has(`entity type ${qualified('bookingCustomer')}`)) {
    throw new CouldNotCompare(
      `${metadata} has no bookingCustomer; check that it is the metadata of Graph v1.0`,
    );
  }
  if (permissions === undefined) return schema;
  const rows = await readPermissions(permissions, readSource(permissions, timeoutMs));
  return modelOf([...schema.values(), ...rows.values()]);
}

/** Compares what the proxy and the fake know with what Graph says. */
export function findingsIn(graph: ApiModel): Findings {
  const hasRows = Array.from(graph.values()).some(({ kind }) => kind === 'permission row');
  const known = (model: ApiModel) =>
    modelOf(Array.from(model.values()).filter(({ kind }) => hasRows || kind !== 'permission row'));
  return {
    proxy: compare(known(expectedOf('proxy', proxyModel())), graph),
    fake: compare(known(expectedOf('fake', fakeModel())), graph),
  };
}
