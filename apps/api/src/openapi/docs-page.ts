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
    <title>Bookings proxy</title>
    <link rel="icon" href="docs/favicon-32x32.png">
    <link rel="stylesheet" href="docs/swagger-ui.css">
  </head>
  <body>
    <div id="page"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/page.js"></script>
  </body>
</html>
`;

const SCRIPT = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#page', deepLinking: true, tryItOutEnabled: true });
`;

/** Allows no other origin. Swagger UI needs inline styles. */
export const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Media types of the Swagger UI files. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  'favicon-32x32.png': 'image/png',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

export const DOCS_PAGE = staticContent('text/html', Buffer.from(PAGE));
const DOCS_SCRIPT = staticContent('text/javascript', Buffer.from(SCRIPT));

/** Files are read on the first request and kept in memory. */
const files = new Map<string, Promise<StaticContent>>();

/** @returns undefined when the page has no file of that name */
export async function docsFile(name: string): Promise<StaticContent | undefined> {
  if (name === 'page.js') return DOCS_SCRIPT;
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

// The build copies the files next to the bundle. Without a build they are in node_modules.
function pathOf(name: string): string {
  const built = fileURLToPath(new URL(`docs/${name}`, import.meta.url));
  return existsSync(built)
    ? built
    : createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`);
}
