import { describe, it } from '@jest/globals';
import { brokerPacts } from '@bookings/contracts';
import { verifyMicrosoftGraph } from './verified.ts';

describe('the fake, in the place of microsoft-graph', () => {
  it('keeps the contracts that the broker has for it', async () => {
    await verifyMicrosoftGraph({ broker: brokerPacts(process.env) });
  }, 600_000);
});
