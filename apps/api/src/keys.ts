// A command for operators that resolves unknown Idempotency-Keys in the store of the API.
import { CommandError, runKeysCommand } from './keys-command.ts';

try {
  process.stdout.write(await runKeysCommand(process.argv.slice(2), process.env));
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  process.stdout.write(error.output);
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
