// `npm run pact:publish`: publishes both pacts, as of this commit and branch.
import { Broker } from './broker.ts';
import { runCommand } from './command-error.ts';
import { commandOptions } from './environment-option.ts';
import { gitVersion, refuseUncommitted } from './git-version.ts';
import { setMainBranches, PACT_FILES } from './pacticipants.ts';
import { publishContract, readPact } from './publish-contract.ts';

await runCommand(async () => {
  commandOptions('Usage: npm run pact:publish', {});
  const { commit, branch } = gitVersion(process.env);
  const pacts = PACT_FILES.map(readPact);
  PACT_FILES.forEach(refuseUncommitted);
  const broker = await Broker.connect(process.env);
  for (const pact of pacts) {
    const said = await publishContract(broker, pact, { commit, branch });
    broker.say([`Published ${pact.file} as of ${commit} on ${branch}.`, ...said, ''].join('\n'));
  }
  await setMainBranches(broker);
  return 0;
});
