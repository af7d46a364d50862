import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from './command.ts';
import { importCycles } from './import-cycles.ts';

function cyclesOf(sources: Readonly<Record<string, string>>): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'import-cycles-'));
  try {
    for (const [file, source] of Object.entries(sources)) writeFileSync(join(folder, file), source);
    return importCycles(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('imports', () => {
  it.each([
    ['of values', "import { b } from './b.ts';", "export { a } from './a.ts';"],
    ['of types', "import type { B } from './b.ts';", "import { type A } from './a.ts';"],
    ['for side effects', "import './b.ts';", "import './a.ts';"],
    ['at run time', "const b = await import('./b.ts');", "import { a } from './a.ts';"],
  ])('%s that form a cycle are found', (_title, a, b) => {
    expect(cyclesOf({ 'a.ts': a, 'b.ts': b })).toEqual([['a.ts', 'b.ts', 'a.ts']]);
  });

  it('of one file by two others form no cycle', () => {
    const sources = { 'a.ts': "import './b.ts'; import './c.ts';", 'b.ts': "import './c.ts';" };
    expect(cyclesOf({ ...sources, 'c.ts': '' })).toEqual([]);
  });

  it('of this workspace form no cycle', () => {
    expect(importCycles(ROOT)).toEqual([]);
  });
});
