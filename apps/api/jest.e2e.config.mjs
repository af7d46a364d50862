import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'api e2e',
  testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
};
