import customer from './documented-customer.json' with { type: 'json' };

/** The request body on Microsoft's page "Create bookingCustomer". The file has it byte for byte. */
export const DOCUMENTED_CUSTOMER = customer;
