import { mkdirSync, readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

// Pact's library and binaries send usage statistics unless this is set.
process.env.PACT_DO_NOT_TRACK = 'true';
// Jest does not make the folder of its --outputFile.
mkdirSync('reports', { recursive: true });

/** Where the tests of each kind are. */
const TESTS = {
  unit: 'src/**/*.spec.ts',
  e2e: 'test/**/*.e2e-spec.ts',
  pact: 'pact/**/*.pact-spec.ts',
  broker: 'pact/**/*.broker-spec.ts',
};

const preset = {
  testEnvironment: 'node',
  // Tests read the libraries from their source, so that no test needs a build.
  testEnvironmentOptions: { customExportConditions: ['@bookings/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { ...swc, swcrc: false, jsc: { ...swc.jsc, rewriteRelativeImportExtensions: false } },
    ],
  },
};

/**
 * The configuration of a project: one Jest project for each kind of test, which
 * `jest --selectProjects KIND` selects.
 *
 * @param {(keyof typeof TESTS)[]} kinds
 */
export const jestConfig = (...kinds) => ({
  coverageProvider: 'v8',
  // Generous, because a busy machine must not fail a test.
  testTimeout: 120_000,
  projects: kinds.map((kind) => ({
    ...preset,
    displayName: kind,
    testMatch: [`<rootDir>/${TESTS[kind]}`],
  })),
});
