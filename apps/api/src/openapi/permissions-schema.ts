import { type JsonObject, described } from './open-api-objects.ts';

const texts: JsonObject = { type: 'array', items: { type: 'string' } };

/** An object with these properties, which are required unless `optional` names them. */
const object = (
  description: string,
  properties: Readonly<Record<string, JsonObject>>,
  ...optional: string[]
): JsonObject => ({
  type: 'object',
  description,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});

/**
 * The response of `GET /permissions`.
 *
 * @param details the schema of `error.details`
 */
export const permissionsSchema = (details: JsonObject): JsonObject =>
  object('What the token of the caller holds and permits.', {
    caller: object('What the token says of its caller.', {
      kind: {
        enum: ['delegated', 'application'],
        description: 'Whether a user or an application calls.',
      },
      appId: described('string', 'The calling application.'),
      tenantId: described('string', 'The tenant that issued the token.'),
      personalAccount: described('boolean', 'A personal account has no permission.'),
      permissions: { ...texts, description: 'The `scp` or the `roles` of the token.' },
    }),
    businessAccess: object('What the business access file says.', {
      narrowed: described('boolean', 'Whether there is a business access file.'),
      message: described('string', 'The same in words.'),
    }),
    operations: {
      type: 'array',
      description: 'The verdict on each operation.',
      items: object(
        'The verdict on one operation.',
        {
          operation: described('string', 'The `operationId` in this document.'),
          permitted: described('boolean', 'Whether nothing is missing.'),
          anyOf: { ...texts, description: 'One of these permissions is needed.' },
          missing: {
            ...details,
            description: 'The `details` of the 403 that the operation would get.',
          },
          business: object(
            'The verdict of the business access file alone, for the business in the query.',
            {
              allowed: described('boolean', 'Whether the file allows the operation there.'),
              reason: described('string', 'Why it does not.'),
            },
            'reason',
          ),
        },
        'business',
      ),
    },
  });
