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
 * The older table of the page "Create bookingCustomer", as a policy. Later versions and
 * permissions.json list two more application permissions. For appointments, staff and services, Graph
 * was observed to refuse an application with only those.
 */
export const TO_CREATE: Permissions = {
  delegated: WRITE,
  application: ['BookingsAppointment.ReadWrite.All'],
};

/**
 * The tables of the pages "Update" and "Delete bookingCustomer". For an application they include
 * the read permission, probably by mistake. The fake follows the pages.
 */
export const TO_CHANGE: Permissions = { delegated: WRITE, application: READ };
