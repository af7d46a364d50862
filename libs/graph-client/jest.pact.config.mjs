import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'graph-client pact',
  testMatch: ['<rootDir>/pact/**/*.pact-spec.ts'],
};
