import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Component } from './components.ts';

const LICENSE_FILE = /^(?:licen[cs]e|notice|copying)\b/i;
/** Licences of what other packages have bundled into theirs, beside the file that has it. */
const BUNDLED: Readonly<Record<string, readonly string[]>> = {
  'swagger-ui-dist': ['swagger-ui-bundle.js.LICENSE.txt'],
};

function textsOf(root: string, { name, license, folder }: Component): string {
  const files = readdirSync(join(root, folder)).filter((file) => LICENSE_FILE.test(file));
  const texts = [...files.sort(), ...(BUNDLED[name] ?? [])].map((file) =>
    readFileSync(join(root, folder, file), 'utf8').trim(),
  );
  if (texts.length === 0)
    return `The package has no file with the text of its license, ${license}.`;
  return texts.join('\n\n');
}

/** A list of the components with their licences, and below it the texts. */
export function licenses(root: string, components: readonly Component[]): string {
  const title = ({ name, version, license }: Component) => `${name} ${version}: ${license}`;
  const texts = components.map(
    (component) => `${'='.repeat(80)}\n${title(component)}\n\n${textsOf(root, component)}`,
  );
  return `${[components.map(title).join('\n'), ...texts].join('\n\n')}\n`;
}
