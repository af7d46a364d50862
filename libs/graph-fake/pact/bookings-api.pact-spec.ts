import { describe, it } from '@jest/globals';
import { pactFile } from '@bookings/contracts';
import { verifyMicrosoftGraph } from './verify-microsoft-graph.ts';

describe('the fake of microsoft-graph', () => {
  it('keeps its contract with bookings-api', async () => {
    await verifyMicrosoftGraph({ file: pactFile('bookings-api', 'microsoft-graph') });
  });
});
