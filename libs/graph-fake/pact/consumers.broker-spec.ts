import { describe, it } from '@jest/globals';
import { brokerPacts } from '@bookings/contracts';
import { verifyMicrosoftGraph } from './verify-microsoft-graph.ts';

describe('the fake of microsoft-graph', () => {
  it('keeps its contracts in the broker', async () => {
    await verifyMicrosoftGraph({ broker: brokerPacts(process.env) });
  }, 600_000);
});
