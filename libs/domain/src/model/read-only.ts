/** Properties of a bookingCustomer that Graph sets and no caller may. */
export const READ_ONLY_PROPERTIES: readonly string[] = [
  'id',
  'createdDateTime',
  'lastUpdatedDateTime',
];
