import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'graph-fake pact',
  testMatch: ['<rootDir>/pact/**/*.pact-spec.ts'],
};
