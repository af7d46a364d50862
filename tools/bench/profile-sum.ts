import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A function, or a package, and the share of the busy time that it had for itself. */
export interface Share {
  readonly name: string;
  readonly share: number;
}

export interface ProfileSum {
  readonly functions: readonly Share[];
  readonly packages: readonly Share[];
  /** With what it called, as long as nothing was waited for; they add up to more than all. */
  readonly withCalled: readonly Share[];
}

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface CallNode {
  readonly id: number;
  readonly callFrame: Frame;
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly CallNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Sums the self time in a `.cpuprofile`, without the time in which nothing was to do. */
export function sumProfile(path: string): ProfileSum {
  const profile: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isProfile(profile)) throw new TypeError(`${path} is no profile`);
  const ownUs = new Map<number, number>();
  for (const [index, id] of profile.samples.entries()) {
    ownUs.set(id, (ownUs.get(id) ?? 0) + (profile.timeDeltas[index] ?? 0));
  }
  const sources = new Sources();
  const functions = new Map<string, number>();
  const packages = new Map<string, number>();
  const withCalled = new Map<string, number>();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const visit = ({ id, callFrame, children = [] }: CallNode, above: ReadonlySet<string>) => {
    const { name, place } = sources.originOf(callFrame);
    const us = callFrame.functionName === '(idle)' ? 0 : (ownUs.get(id) ?? 0);
    const owner = place === '' ? name : packageOf(place);
    add(functions, `${name}  ${place}`, us);
    add(packages, owner, us);
    const stack = new Set([...above, owner]);
    for (const each of stack) add(withCalled, each, us);
    for (const child of children) {
      const node = nodes.get(child);
      if (node) visit(node, stack);
    }
  };
  const [root] = profile.nodes;
  if (root) visit(root, new Set());
  const total = [...packages.values()].reduce((sum, us) => sum + us, 0);
  return {
    functions: shares(functions, total),
    packages: shares(packages, total),
    withCalled: shares(withCalled, total),
  };
}

/** Finds the source of what stands in one big file with short names. */
class Sources {
  readonly #maps = new Map<string, SourceMap | undefined>();

  /** Name, file and line as they were written; no place for what is V8's own. */
  originOf({ functionName, url, lineNumber, columnNumber }: Frame): {
    name: string;
    place: string;
  } {
    const name = functionName || '(anonymous)';
    const found = this.#mapOf(url)?.findEntry(lineNumber, columnNumber);
    if (!found || !('originalSource' in found)) {
      return { name, place: url === '' ? '' : `${url}:${lineNumber + 1}` };
    }
    const file = found.originalSource.replace(/^(\.\.\/)+/, '').replace(/^src\//, 'apps/api/src/');
    const isRenamed = functionName !== '' && 'name' in found && typeof found.name === 'string';
    return {
      name: isRenamed ? String(found.name) : name,
      place: `${file}:${found.originalLine + 1}`,
    };
  }

  #mapOf(url: string): SourceMap | undefined {
    const known = this.#maps.get(url);
    if (known || this.#maps.has(url) || !url.startsWith('file:')) return known;
    const path = `${fileURLToPath(url)}.map`;
    const map = existsSync(path) ? new SourceMap(readMap(path)) : undefined;
    this.#maps.set(url, map);
    return map;
  }
}

function readMap(path: string): SourceMapPayload {
  const map: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (map instanceof Object && isMap(map)) return map;
  throw new TypeError(`${path} is no source map`);
}

function isMap(value: object): value is SourceMapPayload {
  return 'mappings' in value && 'sources' in value;
}

function packageOf(place: string): string {
  if (place.startsWith('node:')) return 'node';
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(place)?.[1];
  // Ours: the folder that says what it is about.
  return installed ?? place.split('/').slice(0, 4).join('/').replace(/:\d+$/, '');
}

function add(sums: Map<string, number>, name: string, us: number): void {
  sums.set(name, (sums.get(name) ?? 0) + us);
}

function shares(sums: ReadonlyMap<string, number>, total: number): readonly Share[] {
  return [...sums]
    .map(([name, us]) => ({ name, share: us / total }))
    .sort((a, b) => b.share - a.share);
}

function isProfile(value: unknown): value is Profile {
  return value instanceof Object && 'nodes' in value && 'samples' in value && 'timeDeltas' in value;
}
