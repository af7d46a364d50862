import { jestConfig } from '../../jest.preset.mjs';

export default jestConfig('unit', 'e2e');
