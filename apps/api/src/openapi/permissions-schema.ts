import type { JsonObject } from './json.ts';

const text: JsonObject = { type: 'string' };
const flag: JsonObject = { type: 'boolean' };
const texts: JsonObject = { type: 'array', items: text };

const object = (properties: Readonly<Record<string, JsonObject>>, ...optional: string[]) => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});

/** What `GET /permissions` answers. @param details the schema of `error.details` */
export const permissionsSchema = (details: JsonObject): JsonObject =>
  object({
    caller: object({
      kind: { enum: ['delegated', 'application'] },
      appId: text,
      tenantId: text,
      personalAccount: { ...flag, description: 'Such an account may do nothing.' },
      permissions: { ...texts, description: 'What the token holds: its `scp` or its `roles`.' },
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
          permitted: { ...flag, description: 'Whether nothing is missing, as far as asked.' },
          anyOf: { ...texts, description: 'Permissions of which one is needed.' },
          missing: { ...details, description: 'What a 403 would have as its `details`.' },
          business: {
            ...object({ allowed: flag, reason: text }, 'reason'),
            description: 'What the access rule alone says of the business that was asked about.',
          },
        },
        'business',
      ),
    },
  });
