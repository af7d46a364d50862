import { PERMISSIONS } from '@bookings/domain';
import type { Config } from '../config/config.ts';
import { type JsonObject, ref } from './json.ts';
import { DESCRIBED, type Described } from './operations.ts';
import { parameters } from './parameters.ts';
import { HEADERS, errorComponents } from './responses.ts';
import { schemas } from './schemas.ts';

/** What moves to `MANAGEMENT_PORT` where there is one. */
const MANAGEMENT = new Set(['/livez', '/readyz', '/metrics']);

/** The OpenAPI 3.1 document of this service, as it is configured. */
export function openApiDocument({
  publicBaseUrl,
  idempotency,
  managementPort,
}: Pick<Config, 'publicBaseUrl' | 'idempotency' | 'managementPort'>): JsonObject {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Bookings proxy',
      version: '1.0.0',
      description:
        "Booking customers of Microsoft Bookings, with Graph's paths, bodies and errors. Paths are also understood without `/v1.0`, in any letter case and with keys as `bookingBusinesses('{business}')`.",
    },
    servers: [{ url: publicBaseUrl ?? '/' }],
    tags: [
      { name: 'Customers', description: 'Booking customers of a business.' },
      {
        name: 'Batch',
        description: "For clients that are written for it: Graph's limits count each part.",
      },
      { name: 'Permissions', description: 'What a caller may do, and why not.' },
      { name: 'Operating', description: 'What operators and tools ask.' },
    ],
    paths: paths(managementPort === undefined),
    components: {
      schemas: schemas(),
      parameters: parameters(idempotency.keyRequired),
      headers: HEADERS,
      responses: errorComponents(),
      securitySchemes: {
        callerToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'An access token of an accepted issuer for this service, never one for Graph.',
        },
      },
    },
  };
}

function paths(withManagement: boolean): JsonObject {
  const served = DESCRIBED.filter(({ path }) => withManagement || !MANAGEMENT.has(path));
  const byPath = Map.groupBy(served, ({ path }) => path);
  return Object.fromEntries(
    [...byPath].map(([path, described]) => [
      path,
      Object.fromEntries(described.map((each) => [each.method, operation(each)])),
    ]),
  );
}

function operation(described: Described): JsonObject {
  const { id, tag, summary, parameters, body, responses, token } = described;
  const description = permissions(described);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== '' && { description }),
    ...(parameters && { parameters: parameters.map((name) => ref('parameters', name)) }),
    ...(body && { requestBody: body }),
    security: token ? [{ callerToken: [] }] : [],
    responses,
  };
}

function permissions({ operation }: Described): string {
  const rows = PERMISSIONS.filter((row) => row.operation === operation);
  return rows
    .map(({ kind, anyOf }) => `One of these ${kind} permissions: ${anyOf.join(', ')}.`)
    .join(' ');
}
