/** Injection tokens for interfaces. */
export const CONFIG = Symbol('CONFIG');
export const LOGGER = Symbol('LOGGER');
