// Adds up the reports of all test runs and ends with `N passed, N failed`. Fails when a test
// failed, when the test command did, and when a project that has tests left no report.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const command = Number(process.argv[2] ?? 1);
const projects = ['apps', 'libs']
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .concat('tools')
  .filter((folder) => existsSync(join(folder, 'project.json')));

let passed = 0;
let failed = 0;
for (const folder of projects) {
  const { targets } = JSON.parse(readFileSync(join(folder, 'project.json'), 'utf8'));
  for (const target of ['test', 'e2e', 'pact-consumer', 'pact-verify']) {
    if (!targets[target]) continue;
    const report = join(folder, 'reports', `${target}.json`);
    if (!existsSync(report)) {
      console.log(`${report} is missing: ${target} of ${folder} did not run to its end`);
      failed += 1;
      continue;
    }
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    passed += counts.numPassedTests;
    // A suite that could not even be loaded has no tests that failed.
    failed += counts.numFailedTests + counts.numRuntimeErrorTestSuites;
  }
}
if (command !== 0 && failed === 0) console.log(`the test command failed with exit code ${command}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(command !== 0 || failed > 0 ? 1 : 0);
