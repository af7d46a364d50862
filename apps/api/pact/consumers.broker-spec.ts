import { describe, it } from '@jest/globals';
import { brokerPacts } from '@bookings/contracts';
import { verifyBookingsApi } from './verified.ts';

describe('bookings-api', () => {
  it('keeps the contracts that the broker has for it', async () => {
    await verifyBookingsApi({ broker: brokerPacts(process.env) });
  }, 600_000);
});
