/** A chain of certificates has some kilobytes. A wrong file must not fill the memory. */
export const MAX_CREDENTIAL_FILE_BYTES = 1_048_576;
