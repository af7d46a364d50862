import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

/** A file on which every append blocks until it is read. */
export class NamedPipe {
  /** A character may be split between two reads. */
  readonly #decoder = new StringDecoder('utf8');
  #reader: FileHandle | undefined;
  #text = '';

  constructor(readonly path: string) {
    execFileSync('mkfifo', [path]);
  }

  /** Reads the next lines. After the first call, appends no longer block. */
  async lines(count: number): Promise<string[]> {
    // Also opened for writing, so that the pipe always has a reader and a writer.
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

  /** The text that is available without waiting. Throws when there is none. */
  now(): string {
    const reader = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const buffer = Buffer.alloc(65_536);
      return this.#text + buffer.toString('utf8', 0, readSync(reader, buffer));
    } finally {
      closeSync(reader);
    }
  }

  /** Also unblocks pending appends. */
  async close(): Promise<void> {
    this.#reader ??= await open(this.path, 'r+');
    await this.#reader.close();
  }
}

async function more(reader: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await reader.read(Buffer.alloc(65_536));
  return buffer.subarray(0, bytesRead);
}
