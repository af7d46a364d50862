/** Properties of a bookingCustomer that only Graph sets. */
export const READ_ONLY_PROPERTIES: readonly string[] = [
  'id',
  'createdDateTime',
  'lastUpdatedDateTime',
];
