// A helper: the fake Graph, with every business there is and no limit of its own.
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';

const fake = await GraphFake.start({ businesses: ['*'], limitPerMailbox: 1_000_000 });
const token = await fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
process.once('disconnect', () => {
  void fake.close();
});
process.send?.({ ...proxyEnvironment(fake), token });
