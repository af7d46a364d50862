import { setImmediate as nextTurn } from 'node:timers/promises';
import { GraphError, type UpstreamPage, parsedJson } from '@bookings/domain';
import { giveBack } from '../http/give-back.ts';

/**
 * Reads the pages that go into the answers to batches. The customers of a page come unread; one that
 * is not JSON to its last byte would make the whole answer unreadable.
 *
 * A large page takes a tenth of a second. Each is read in a turn of the event loop of its own, so
 * that other requests go on between two of them.
 */
export class PageReader {
  #lastTurn: Promise<unknown> = Promise.resolve();

  /** @throws GraphError 502 when it cannot be read */
  async read(page: UpstreamPage): Promise<UpstreamPage> {
    // Nothing was modified.
    if (page.pieces.length === 0) return page;
    const turn = this.#lastTurn.then(() => nextTurn());
    this.#lastTurn = turn;
    await turn;
    return readable(page);
  }
}

function readable({ pieces, ...page }: UpstreamPage): UpstreamPage {
  const body = Buffer.concat(pieces);
  giveBack(pieces);
  if (parsedJson(body) !== undefined) return { ...page, pieces: [body] };
  const message = 'Graph answered with a page that cannot be read.';
  throw new GraphError('BadGateway', message, { requestId: page.requestId });
}
