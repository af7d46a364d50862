import { type SettingFault, SettingReader } from '../config/setting-reader.ts';
import { CommandError } from './command-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws CommandError that names every fault */
export function withoutFaults<T>(env: Environment, read: (reader: SettingReader) => T): T {
  const reader = new SettingReader(env);
  const config = read(reader);
  if (reader.faults.length > 0) throw new CommandError(reader.faults.map(lineOf).join('\n'));
  return config;
}

function lineOf({ key, wrong, expected }: SettingFault): string {
  return `${key} ${wrong}; expected: ${expected}`;
}
