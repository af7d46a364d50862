import type { JsonObject } from './open-api-objects.ts';

const text: JsonObject = { type: 'string' };
const flag: JsonObject = { type: 'boolean' };
const texts: JsonObject = { type: 'array', items: text };

const object = (properties: Readonly<Record<string, JsonObject>>, ...optional: string[]) => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});

/**
 * The response of `GET /permissions`.
 *
 * @param details the schema of `error.details`
 */
export const permissionsSchema = (details: JsonObject): JsonObject =>
  object({
    caller: object({
      kind: { enum: ['delegated', 'application'] },
      appId: text,
      tenantId: text,
      personalAccount: { ...flag, description: 'A personal account has no permission.' },
      permissions: { ...texts, description: 'The `scp` or the `roles` of the token.' },
    }),
    businessAccess: object({
      narrowed: { ...flag, description: 'Whether there is a business access file.' },
      message: text,
    }),
    operations: {
      type: 'array',
      items: object(
        {
          operation: text,
          permitted: { ...flag, description: 'Whether nothing is missing.' },
          anyOf: { ...texts, description: 'One of these permissions is needed.' },
          missing: {
            ...details,
            description: 'The `details` of the 403 that the operation would get.',
          },
          business: {
            ...object({ allowed: flag, reason: text }, 'reason'),
            description:
              'The verdict of the business access file alone, for the business in the query.',
          },
        },
        'business',
      ),
    },
  });
