#!/usr/bin/env node
import { describe, readCommandLine, usage } from './cli-options.ts';
import { GraphFake } from './graph-fake.ts';
import type { GraphFakeOptions } from './graph-fake-options.ts';
import { whenParentEnds } from './parent-process.ts';

const args = process.argv.slice(2);
const exitCode = { failure: 1, usage: 2 };

function exit(code: number, error: unknown, hint = ''): never {
  const message = error instanceof Error ? error.message : String(error);
  // Some messages of Node have several lines.
  process.stderr.write(`graph-fake: ${message.split('\n')[0] ?? ''}${hint}\n`);
  process.exit(code);
}

function options(): GraphFakeOptions {
  try {
    return readCommandLine(args, process.env);
  } catch (error) {
    return exit(exitCode.usage, error, `; ${usage}`);
  }
}

if (args.includes('--help')) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}

try {
  const fake = await GraphFake.start(options());
  process.stdout.write(describe(fake));
  const stop = (): void => {
    fake.close().catch((error: unknown) => exit(exitCode.failure, error));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  // Only below npm: without it, the fake may be meant to outlive the shell that started it.
  if (process.env['npm_lifecycle_event'] !== undefined) whenParentEnds(stop);
} catch (error) {
  exit(exitCode.failure, error);
}
