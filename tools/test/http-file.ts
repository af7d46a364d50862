/** A request of an `.http` file, before its variables are filled in. */
export interface HttpFileRequest {
  readonly title: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** The requests of an `.http` file, which `###` separates. */
export function parseHttpFile(text: string): HttpFileRequest[] {
  const [, ...parts] = text.split(/^### */m);
  return parts.map((part) => {
    const [head = '', ...body] = part.trimEnd().split('\n\n');
    const [title = '', start = '', ...lines] = head.split('\n');
    const [method = '', url = ''] = start.split(' ');
    const headers = Object.fromEntries(lines.map(headerOf));
    return { title, method, url, headers, body: body.length === 0 ? undefined : body.join('\n\n') };
  });
}

function headerOf(line: string): [string, string] {
  const [name = '', value = ''] = line.split(/: (.*)/);
  return [name, value];
}

/** The variables that the file declares, such as `@baseUrl = http://127.0.0.1:3000`. */
export function declaredVariables(text: string): string[] {
  return [...text.matchAll(/^@(\w+) = /gm)].map(([, name = '']) => name);
}

/** @throws TypeError for a variable without a value */
export function fillIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new TypeError(`No value for ${name}.`);
    return value;
  });
}
