import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folder of the workspace. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const PATTERNS = ['{README,CONTRIBUTING,SECURITY}.md', 'docs/**/*.md', 'libs/*/README.md'];

/** All documents, relative to `ROOT`. */
export const DOCUMENTS: readonly string[] = globSync(PATTERNS, { cwd: ROOT }).sort();

/** @param path relative to `ROOT` */
export function read(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}

/** The section under a heading of level two; the whole document without one. */
export function section(path: string, heading?: string): string {
  const text = read(path);
  if (heading === undefined) return text;
  const [, after = ''] = text.split(`\n## ${heading}\n`);
  return after.split('\n## ')[0] ?? '';
}

/** The cells of the first table in a section, without its header. */
export function table(path: string, heading?: string): string[][] {
  const [rows = ''] = /(?:^\|.*\n)+/m.exec(section(path, heading)) ?? [];
  return rows
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

/** The blocks of code in a section, in `language` if it is given. */
export function blocks(path: string, language = '', heading?: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...section(path, heading).matchAll(fence)].map(([, block = '']) => block);
}

/** The code in a document: lines of blocks, and spans in sentences. */
export function code(path: string): string[] {
  const inBlocks = /^```.*\n([\s\S]*?)^```$/gm;
  const text = read(path);
  const lines = [...text.matchAll(inBlocks)].flatMap(([, block = '']) => block.split('\n'));
  return [...lines, ...spans(path)];
}

/** The spans of code in the sentences and tables of a document. */
export function spans(path: string): string[] {
  const text = read(path).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}
