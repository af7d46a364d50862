import type { JsonObject } from './open-api-objects.ts';

/** The documentation of one route. */
export interface OperationDoc {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** With parameters in braces. */
  readonly path: string;
  readonly operationId: string;
  readonly needsToken: boolean;
  readonly tag: 'Customers' | 'Batch' | 'Permissions' | 'Operating';
  readonly summary: string;
  readonly description: string;
  /** Names of parameter components. */
  readonly parameters?: readonly string[];
  readonly body?: JsonObject;
  readonly responses: JsonObject;
}
