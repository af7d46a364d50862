const HEAD_END = Buffer.from('\r\n\r\n');
const NONE = Buffer.alloc(0);

/**
 * Finds the answers in what a server sends on one connection (HTTP/1.1), with next to no work: the
 * status and the declared length are all it reads.
 */
export class AnswerReader {
  #head: Buffer = NONE;
  #missing = 0;
  #status = 0;

  /** @returns the status of the answer that `chunk` completes, undefined when more is to come */
  read(chunk: Buffer): number | undefined {
    if (this.#missing > 0) return this.#counted(chunk.length);
    const text = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const end = text.indexOf(HEAD_END);
    if (end < 0) {
      this.#head = text;
      return undefined;
    }
    this.#head = NONE;
    const head = text.toString('latin1', 0, end);
    this.#status = Number(head.slice(9, 12));
    this.#missing = lengthIn(head, this.#status);
    return this.#counted(text.length - end - HEAD_END.length);
  }

  #counted(bytes: number): number | undefined {
    this.#missing -= bytes;
    if (this.#missing < 0) throw new Error('the server sent more than it announced');
    return this.#missing === 0 ? this.#status : undefined;
  }
}

function lengthIn(head: string, status: number): number {
  if (status === 204 || status === 304) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error('the server does not say how long its answer is');
  return Number(length);
}
