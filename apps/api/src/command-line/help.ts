import { SETTINGS, type Setting } from '../config/settings.ts';
import { EXIT } from './exit-codes.ts';

const WIDTH = 100;
const INDENT = '      ';

/** What `--help` prints. */
export function help(): string {
  return `Usage: node apps/api/dist/main.js [ARGUMENT]...

Without an argument it serves, configured by environment variables alone.

  --check               judge the settings, and start nothing
  --check --online --business ID
                        then open PostgreSQL or a copy of a SQLite store, ask for a token and
                        for the key set, read the customers of this booking business once, and
                        say for each failure what to do
  --version             print the version
  --help                print this

Exit codes: 0 done, or stopped by a signal with no request cut off; 1 failed; ${EXIT.usage} wrong argument;
${EXIT.unavailable} a part of --check --online failed; ${EXIT.config} a wrong setting,
or a store of another version or secret.

Settings:

${SETTINGS.map(paragraph).join('\n')}`;
}

function paragraph({ key, default: standard, meaning }: Setting): string {
  const given = standard === 'required' || standard === 'none' ? standard : `default ${standard}`;
  const lines = wrapped(meaning.replaceAll('`', ''));
  return [`  ${key} (${given})`, ...lines.map((line) => INDENT + line), ''].join('\n');
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && INDENT.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
