import type { Element } from './api-model.ts';
import { permissionRow } from './permissions-reader.ts';

/** The names of permissions for each kind of token. The least privileged may come first. */
interface Permissions {
  readonly delegated: readonly string[];
  readonly application: readonly string[];
}

/**
 * Rows of an operation as Graph lists them. Its four permissions have the privilege level 3, and
 * only an application needs an administrator's consent to them.
 *
 * @param path below the business
 * @param hasLeast whether the first permission is the least privileged one
 */
export function rowsOf(
  method: string,
  path: string,
  { delegated, application }: Permissions,
  hasLeast: boolean,
): Element[] {
  const ofScheme = (scheme: string, names: readonly string[]) =>
    names.map((permission, index) => {
      const facts = {
        privilegeLevel: 3,
        requiresAdminConsent: scheme === 'Application',
        alsoRequires: '',
        timesListed: 1,
      };
      const least = hasLeast ? { leastPrivileged: index === 0 } : {};
      return permissionRow({ path, method, scheme, permission }, { ...facts, ...least });
    });
  return [...ofScheme('DelegatedWork', delegated), ...ofScheme('Application', application)];
}
