import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

/** A file that holds every append back until it is read, for as long as that takes. */
export class NamedPipe {
  /** A character may come in two pieces. */
  readonly #decoder = new StringDecoder('utf8');
  #reader: FileHandle | undefined;
  #text = '';

  constructor(readonly path: string) {
    execFileSync('mkfifo', [path]);
  }

  /** The next lines, as soon as there are so many. From the first call on nothing is held back. */
  async lines(count: number): Promise<string[]> {
    // Open for writing too, so that the pipe has a reader and a writer at any time.
    this.#reader ??= await open(this.path, 'r+');
    const lines: string[] = [];
    while (lines.length < count) {
      const end = this.#text.indexOf('\n');
      if (end < 0) this.#text += this.#decoder.write(await more(this.#reader));
      else {
        lines.push(this.#text.slice(0, end));
        this.#text = this.#text.slice(end + 1);
      }
    }
    return lines;
  }

  /** What of the next line is there without waiting. Throws where there is nothing. */
  now(): string {
    const reader = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const buffer = Buffer.alloc(65_536);
      return this.#text + buffer.toString('utf8', 0, readSync(reader, buffer));
    } finally {
      closeSync(reader);
    }
  }

  /** Also lets go what is held back. */
  async close(): Promise<void> {
    this.#reader ??= await open(this.path, 'r+');
    await this.#reader.close();
  }
}

async function more(reader: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await reader.read(Buffer.alloc(65_536));
  return buffer.subarray(0, bytesRead);
}
