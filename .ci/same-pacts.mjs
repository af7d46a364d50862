// Fails when the pacts that the tests have just written differ from the committed ones. `metadata`
// does not count: it holds the versions of Pact's own tools.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' });
const contract = (text) => JSON.stringify({ ...JSON.parse(text), metadata: undefined });
const named = (text) =>
  new Map(JSON.parse(text).interactions.map((each) => [each.description, JSON.stringify(each)]));

const listed = git('ls-files', '--cached', '--others', '--', 'pacts/*.json');
const faults = [];
for (const file of new Set(listed.split('\n').filter((name) => name !== ''))) {
  if (git('ls-tree', 'HEAD', file) === '') {
    faults.push(`${file} was written by the tests and is not committed`);
  } else if (!existsSync(file)) {
    faults.push(`${file} is committed and no test writes it`);
  } else {
    const committed = git('show', `HEAD:${file}`);
    const written = readFileSync(file, 'utf8');
    if (contract(committed) === contract(written)) continue;
    const [before, after] = [named(committed), named(written)];
    const changed = [...new Set([...before.keys(), ...after.keys()])]
      .filter((name) => before.get(name) !== after.get(name))
      .map((name) => `\n  ${after.has(name) ? (before.has(name) ? '~' : '+') : '-'} ${name}`);
    faults.push(
      `${file} is not what the tests write; commit what npm test wrote:${changed.join('')}`,
    );
  }
}
if (!listed.includes('.json')) faults.push('there are no pacts at all');
for (const fault of faults) console.log(fault);
process.exit(faults.length > 0 ? 1 : 0);
