import { SaxesParser } from 'saxes';
import type { ApiModel } from './api-model.ts';
import { CsdlReader } from './csdl-reader.ts';
import { CouldNotCompare } from './source.ts';

/**
 * Reads the part of Graph's metadata that `slice.ts` names.
 *
 * @throws CouldNotCompare if it is no well-formed CSDL, or has no customers
 */
export async function readMetadata(source: string, text: AsyncIterable<string>): Promise<ApiModel> {
  const reader = new CsdlReader();
  const parser = new SaxesParser({ xmlns: true });
  parser.on('opentag', (tag) => {
    reader.open(tag);
  });
  parser.on('closetag', ({ local }) => {
    reader.close(local);
  });
  parser.on('text', (content) => {
    reader.text(content);
  });
  for await (const piece of text) readStep(source, () => parser.write(piece));
  readStep(source, () => parser.close());
  return reader.model();
}

/** What fails in the parser or the reader is a fault of the document. */
function readStep(source: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const fault = message.replaceAll(/\s+/g, ' ').replace(/\.$/, '');
    throw new CouldNotCompare(
      `${source} is no metadata of OData in XML: ${fault}; check that it is the right document`,
    );
  }
}
