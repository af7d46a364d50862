import type { RelayedResponse } from './relay.ts';

/** Makes a response wrong. */
export type Mutate = (response: RelayedResponse) => void;

/** A changed response to one interaction of a pact: its verification must notice it, or must not. */
export type Mutation = readonly [title: string, interaction: string, mutate: Mutate];

/**
 * Runs a verification while `mutate` makes the responses of the provider wrong.
 *
 * @returns the failures that the verification reports
 * @throws Error if the verification passes, or if there was no response to change
 */
export async function failuresAfter(
  mutate: Mutate,
  verification: (onResponse: Mutate) => Promise<void>,
): Promise<string> {
  let mutated = 0;
  const failures = await verification((response) => {
    mutate(response);
    mutated += 1;
  }).then(() => undefined, String);
  if (mutated === 0) throw new Error(`No response was changed: ${failures ?? 'there was none'}.`);
  if (failures === undefined) throw new Error('The verification passed with a wrong response.');
  return failures;
}

export function setStatus(status: number): Mutate {
  return (response) => {
    response.status = status;
  };
}

/** Without `value` the header is removed. */
export function setHeader(name: string, value?: string): Mutate {
  return ({ headers }) => {
    headers.delete(name);
    if (value !== undefined) headers.set(name, value);
  };
}

export function setBody(text: string): Mutate {
  return (response) => {
    response.body = Buffer.from(text);
  };
}

/**
 * Sets the value at `pointer`, a JSON pointer (RFC 6901) such as `/addresses/1/type`. Without
 * `value` the member or the list item is removed.
 *
 * @throws TypeError if the body has no such member, because the mutation would change nothing
 */
export function setMember(pointer: string, value?: unknown): Mutate {
  return changeAt(pointer, (parent, last) => {
    if (!Reflect.has(parent, last)) throw new TypeError(`The body has no member ${pointer}.`);
    if (value !== undefined) Reflect.set(parent, last, value);
    else if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else Reflect.deleteProperty(parent, last);
  });
}

/** As `setMember`, for a member that the body does not have. */
export function addMember(pointer: string, value: unknown): Mutate {
  return changeAt(pointer, (parent, last) => {
    if (Reflect.has(parent, last)) throw new TypeError(`The body has a member ${pointer}.`);
    Reflect.set(parent, last, value);
  });
}

function changeAt(pointer: string, change: (parent: object, last: string) => void): Mutate {
  return (response) => {
    const body: unknown = JSON.parse(response.body.toString());
    const names = pointer.split('/').slice(1);
    const last = names.pop() ?? '';
    let parent: unknown = body;
    for (const name of names) parent = isContainer(parent) ? Reflect.get(parent, name) : undefined;
    if (!isContainer(parent)) throw new TypeError(`The body has nothing at ${pointer}.`);
    change(parent, last);
    response.body = Buffer.from(JSON.stringify(body));
  };
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
