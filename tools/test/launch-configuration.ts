import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { member, parseJson } from '../pact/loose-json.ts';
import { ROOT } from './command.ts';

/** How an editor starts Node for a debugger. */
export interface Launch {
  readonly cwd: string;
  readonly args: readonly string[];
}

/**
 * Reads a configuration of `.vscode/launch.json`.
 *
 * @param file the file that is open in the editor
 */
export function launchConfiguration(name: string, file = ''): Launch {
  const all = member(
    parseJson(readFileSync(join(ROOT, '.vscode/launch.json'), 'utf8')),
    'configurations',
  );
  const found: unknown = Array.isArray(all) && all.find((each) => member(each, 'name') === name);
  const variables = { workspaceFolder: join(ROOT, '.'), file, fileDirname: dirname(file) };
  const strings = (key: string) =>
    [member(found, key)]
      .flat()
      .map((value) =>
        Object.entries(variables).reduce(
          (text, [variable, replacement]) => text.replaceAll(`\${${variable}}`, replacement),
          String(value),
        ),
      );
  const [cwd = ''] = strings('cwd');
  return { cwd, args: ['runtimeArgs', 'program', 'args'].flatMap(strings) };
}
