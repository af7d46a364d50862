import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'graph-fake broker',
  testMatch: ['<rootDir>/pact/**/*.broker-spec.ts'],
};
