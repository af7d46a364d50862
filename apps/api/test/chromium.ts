import { existsSync } from 'node:fs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A Chromium to try pages in: the one that `CHROMIUM` names, or one in a usual place, if any. */
export const CHROMIUM = process.env['CHROMIUM'] ?? PLACES.find((path) => existsSync(path));

// `npm test` runs this before Nx, which does not show what a test has to say that passes.
if (import.meta.main && CHROMIUM === undefined) {
  process.stderr.write(
    'No Chromium was found, so the page at /docs is not tried in a browser: install one, or name it with CHROMIUM.\n',
  );
}
