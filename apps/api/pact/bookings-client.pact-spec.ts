import { describe, it } from '@jest/globals';
import { pactFile } from '@bookings/contracts';
import { verifyBookingsApi } from './verify-bookings-api.ts';

describe('bookings-api', () => {
  it('keeps its contract with bookings-client', async () => {
    await verifyBookingsApi({ file: pactFile('bookings-client', 'bookings-api') });
  }, 60_000);
});
