import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The page; its links are relative, so that it works below any prefix. */
export const DOCS_PAGE = `<!doctype html>
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

/** Nothing from elsewhere; Swagger UI styles its elements one by one. */
export const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  'favicon-32x32.png': 'image/png',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

export interface DocsFile {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** A file of the page by its name; undefined when the page has none of that name. */
export async function docsFile(name: string): Promise<DocsFile | undefined> {
  if (name === 'page.js') return { mediaType: 'text/javascript', bytes: Buffer.from(SCRIPT) };
  const mediaType = Object.entries(MEDIA_TYPES).find(([known]) => known === name)?.[1];
  return mediaType === undefined ? undefined : { mediaType, bytes: await readFile(placeOf(name)) };
}

// The build puts the files beside its bundle; without a build they are where npm put them.
function placeOf(name: string): string {
  const built = fileURLToPath(new URL(`docs/${name}`, import.meta.url));
  return existsSync(built)
    ? built
    : createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`);
}
