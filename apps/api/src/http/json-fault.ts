/** The end of most messages of `JSON.parse`. A message that quotes the text never ends so. */
const POSITION = /JSON at position (\d+) \(line \d+ column \d+\)$/;
/** The end of the messages that quote the text and have no position. */
const QUOTED = / is not valid JSON$/;

/**
 * Says where `json` is not JSON, counted from 1. Repeats nothing of the text.
 *
 * @param json which `JSON.parse` refuses
 */
export function describeJsonFault(json: string): string {
  const index = faultIndex(json);
  const before = Array.from(json.slice(0, index));
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.filter((character) => character === '\n').length + 1;
  const column = before.length - lineStart + 1;
  const place = `line ${line}, column ${column} (character ${before.length + 1})`;
  return index < json.length ? `see ${place}` : `it ends too early, at ${place}`;
}

/** The index of the first character that cannot continue JSON; the length if the end is missing. */
function faultIndex(json: string): number {
  const message = messageFor(json);
  const position = POSITION.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  if (!QUOTED.test(message)) return json.length;
  // The parser reads from left to right: a start of the text has the fault if it is long enough.
  let valid = 0;
  let faulty = json.length;
  while (faulty - valid > 1) {
    const middle = valid + Math.floor((faulty - valid) / 2);
    if (QUOTED.test(messageFor(json.slice(0, middle)))) faulty = middle;
    else valid = middle;
  }
  return valid;
}

/** Empty for valid JSON. */
function messageFor(json: string): string {
  try {
    JSON.parse(json);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}
