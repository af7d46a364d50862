import { readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

// Pact's library and its binaries report to their makers unless told not to.
process.env.PACT_DO_NOT_TRACK = 'true';

export default {
  testEnvironment: 'node',
  // Libraries are read from their source, so that no test waits for a build.
  testEnvironmentOptions: { customExportConditions: ['@bookings/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { ...swc, swcrc: false, jsc: { ...swc.jsc, rewriteRelativeImportExtensions: false } },
    ],
  },
  coverageProvider: 'v8',
  // A test fails because something is wrong, not because the machine is busy.
  testTimeout: 60_000,
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
};
