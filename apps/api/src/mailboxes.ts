// A command for operators that shows the permits of mailboxes, which replicas share.
import { CommandError } from './command-line/command-error.ts';
import { runMailboxesCommand } from './mailboxes-command.ts';

try {
  process.stdout.write(await runMailboxesCommand(process.argv.slice(2), process.env));
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
