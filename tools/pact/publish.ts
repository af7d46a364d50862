// `npm run pact:publish`: publishes both pacts, as of this commit and branch.
import { existsSync } from 'node:fs';
import { Broker } from './broker.ts';
import { Complaint, runCommand } from './complaint.ts';
import { gitVersion, refuseUncommittedPacts } from './git-version.ts';
import { introduce, PACT_FILES } from './pacticipants.ts';
import { publishContract } from './publish-contract.ts';

await runCommand(async () => {
  const { commit, branch } = gitVersion(process.env);
  for (const file of PACT_FILES) {
    if (!existsSync(file)) throw new Complaint(`${file} is missing: npm test writes it`);
  }
  refuseUncommittedPacts();
  const broker = await Broker.connect(process.env);
  for (const file of PACT_FILES) {
    const said = await publishContract(broker, file, { commit, branch });
    broker.say([`Published ${file} as of ${commit} on ${branch}.`, ...said, ''].join('\n'));
  }
  await introduce(broker);
  return 0;
});
