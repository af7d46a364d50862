import { describe, it } from '@jest/globals';
import { brokerPacts } from '@bookings/contracts';
import { verifyBookingsApi } from './verify-bookings-api.ts';

describe('bookings-api', () => {
  it('keeps its contracts in the broker', async () => {
    await verifyBookingsApi({ broker: brokerPacts(process.env) });
  }, 600_000);
});
