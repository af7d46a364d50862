import { existsSync } from 'node:fs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Path of Chromium: from the environment variable, or from a usual location. Undefined without one. */
export const CHROMIUM = process.env['CHROMIUM'] ?? PLACES.find((path) => existsSync(path));

// `npm test` runs this file before Nx, because Nx hides the output of passing tests.
if (import.meta.main && CHROMIUM === undefined) {
  process.stderr.write(
    'No Chromium was found, so the page at /docs is not tried in a browser: install one, or name it with CHROMIUM.\n',
  );
}
