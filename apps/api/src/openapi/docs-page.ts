import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type StaticContent, staticContent } from './static-content.ts';

/** The links are relative, so the page works under any prefix. */
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Bookings proxy</title>
    <link rel="icon" href="docs/favicon-32x32.png">
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="stylesheet" href="docs/page.css">
  </head>
  <body>
    <div class="guide">
      <details open>
        <summary>How to try it</summary>
        <ol>
          <li>
            Get a token for this service. In the local stack
            <code>npm run -s token -- --roles BookingsAppointment.ReadWrite.All</code> prints one.
            Elsewhere Microsoft Entra issues it: ask the administrator of this service for the scope.
          </li>
          <li>
            Choose <b>Authorize</b> and paste it. This tab keeps it over a reload and forgets it when
            it is closed.
          </li>
          <li>
            Open the first operation and choose <b>Execute</b>. The id of the customer that it creates
            is then filled in below. A list fills in the id of its first customer.
          </li>
        </ol>
      </details>
    </div>
    <div id="page"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/page.js"></script>
  </body>
</html>
`;

/** Allows no other origin. Swagger UI needs inline styles. */
export const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Media types of the files: the proxy's own, then those of Swagger UI. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  'page.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

export const DOCS_PAGE = staticContent('text/html', Buffer.from(PAGE));

/** Files are read on the first request and kept in memory. */
const files = new Map<string, Promise<StaticContent>>();

/** @returns undefined when the page has no file of that name */
export async function docsFile(name: string): Promise<StaticContent | undefined> {
  const mediaType = Object.entries(MEDIA_TYPES).find(([known]) => known === name)?.[1];
  if (mediaType === undefined) return undefined;
  const file = files.get(name) ?? read(name, mediaType);
  files.set(name, file);
  return file;
}

async function read(name: string, mediaType: string): Promise<StaticContent> {
  try {
    return staticContent(mediaType, await readFile(pathOf(name)));
  } catch (error) {
    // Allows a retry with the next request.
    files.delete(name);
    throw error;
  }
}

/** The build copies the files next to the bundle. Without a build they are here and in node_modules. */
function pathOf(name: string): string {
  const places = [`docs/${name}`, `page/${name}`].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  return (
    places.find((place) => existsSync(place)) ??
    createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`)
  );
}
