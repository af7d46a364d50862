/** Injection tokens of what is an interface, and so no token by itself. */
export const CONFIG = Symbol('CONFIG');
export const LOGGER = Symbol('LOGGER');
