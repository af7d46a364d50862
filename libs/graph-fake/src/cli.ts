import { describe, readCommandLine, usage } from './cli-options.ts';
import { GraphFake } from './graph-fake.ts';
import type { GraphFakeOptions } from './graph-fake-options.ts';

const exitCode = { failure: 1, usage: 2 };

function leave(code: number, error: unknown, hint = ''): never {
  const message = error instanceof Error ? error.message : String(error);
  // One line: some messages of Node's own have several.
  process.stderr.write(`graph-fake: ${message.split('\n')[0] ?? ''}${hint}\n`);
  process.exit(code);
}

function options(): GraphFakeOptions {
  try {
    return readCommandLine(process.argv.slice(2), process.env);
  } catch (error) {
    return leave(exitCode.usage, error, `; ${usage}`);
  }
}

try {
  const fake = await GraphFake.start(options());
  process.stdout.write(describe(fake));
  const stop = (): void => {
    fake.close().catch((error: unknown) => leave(exitCode.failure, error));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
} catch (error) {
  leave(exitCode.failure, error);
}
