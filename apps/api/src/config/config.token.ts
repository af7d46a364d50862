/** Injection token for an interface. */
export const CONFIG = Symbol('CONFIG');
