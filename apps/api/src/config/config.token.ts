/** Injection token of the configuration, which is an interface and so none by itself. */
export const CONFIG = Symbol('CONFIG');
