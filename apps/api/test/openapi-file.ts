import { fileURLToPath } from 'node:url';

/** The committed description of the API with its default configuration. */
export const OPENAPI_FILE = fileURLToPath(new URL('../../../docs/openapi.json', import.meta.url));

/** One line for each member, so that changes can be read. */
export function openApiText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
