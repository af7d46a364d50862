import type { RelayedAnswer } from './relay.ts';

/** Makes an answer wrong, to see whether a verification notices. */
export type Spoil = (answer: RelayedAnswer) => void;

export function otherStatus(status: number): Spoil {
  return (answer) => {
    answer.status = status;
  };
}

/**
 * What a verification says when answers are spoilt.
 *
 * @throws Error when it says nothing, or when nothing was spoilt
 */
export async function failuresWhen(
  spoil: Spoil,
  verifying: (onAnswer: Spoil) => Promise<void>,
): Promise<string> {
  const spoilt: RelayedAnswer[] = [];
  const failures = await verifying((answer) => {
    spoil(answer);
    spoilt.push(answer);
  }).then(() => undefined, String);
  if (spoilt.length === 0) throw new Error(`nothing was spoilt: ${failures ?? 'no answer came'}`);
  if (failures === undefined) throw new Error('the verification did not notice');
  return failures;
}

/** Without `value` the header is left out. */
export function otherHeader(name: string, value?: string): Spoil {
  return ({ headers }) => {
    headers.delete(name);
    if (value !== undefined) headers.set(name, value);
  };
}

export function otherBody(text: string): Spoil {
  return (answer) => {
    answer.body = Buffer.from(text);
  };
}

/**
 * Another value at `pointer`, a JSON pointer (RFC 6901) such as `/addresses/1/type`; undefined
 * leaves the member or the item of a list out.
 *
 * @throws TypeError when the answer has no such place, so that nothing would be spoilt
 */
export function otherMember(pointer: string, value?: unknown): Spoil {
  return (answer) => {
    const body: unknown = JSON.parse(answer.body.toString());
    const names = pointer.split('/').slice(1);
    const last = names.pop() ?? '';
    let parent: unknown = body;
    for (const name of names) parent = isContainer(parent) ? Reflect.get(parent, name) : undefined;
    if (!isContainer(parent) || !Reflect.has(parent, last)) throw new TypeError(`no ${pointer}`);
    if (value !== undefined) Reflect.set(parent, last, value);
    else if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else Reflect.deleteProperty(parent, last);
    answer.body = Buffer.from(JSON.stringify(body));
  };
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
