import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * Finds import cycles between the TypeScript files below `folder`. Type imports count: files that
 * need each other's types cannot be read one after the other.
 *
 * @returns each cycle as the paths of its files, relative to `folder`, from one to itself
 */
export function importCycles(folder: string): string[][] {
  const exclude = ['**/node_modules', '**/dist', '**/build', '**/peers'];
  const graph = new Map(
    globSync('**/*.ts', { cwd: folder, exclude }).map((file) => [file, imports(folder, file)]),
  );
  const finished = new Set<string>();
  const cycles: string[][] = [];
  function visit(file: string, path: readonly string[]): void {
    const start = path.indexOf(file);
    if (start >= 0) cycles.push([...path.slice(start), file]);
    if (start >= 0 || finished.has(file)) return;
    for (const imported of graph.get(file) ?? []) visit(imported, [...path, file]);
    finished.add(file);
  }
  for (const file of [...graph.keys()].sort()) visit(file, []);
  return cycles;
}

function imports(folder: string, file: string): string[] {
  const source = readFileSync(join(folder, file), 'utf8');
  return ts
    .preProcessFile(source)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => join(dirname(file), name));
}
