import type { Permissions } from './graph-authorization.ts';

const WRITE = [
  'BookingsAppointment.ReadWrite.All',
  'Bookings.ReadWrite.All',
  'Bookings.Manage.All',
];
const READ = ['Bookings.Read.All', ...WRITE];

/** The tables of the pages "List customers" and "Get bookingCustomer". */
export const TO_READ: Permissions = { delegated: READ, application: READ };

/**
 * The table of the page "Create bookingCustomer". A later one lists two more application
 * permissions, but an application that held only those was observed to be refused.
 */
export const TO_CREATE: Permissions = {
  delegated: WRITE,
  application: ['BookingsAppointment.ReadWrite.All'],
};

/**
 * The tables of the pages "Update" and "Delete bookingCustomer". They name the permission to read
 * for an application, from a pair that was once meant as both together: the fake takes what the
 * pages say.
 */
export const TO_CHANGE: Permissions = { delegated: WRITE, application: READ };
