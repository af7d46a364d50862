import type { Config } from '../config/config.ts';
import { VERSION } from '../config/version.ts';
import { type JsonObject, ref } from './open-api-objects.ts';
import type { OperationDoc } from './operation-doc.ts';
import { OPERATION_DOCS } from './operations.ts';
import { parameters } from './parameters.ts';
import { HEADERS, errorComponents } from './responses.ts';
import { schemas } from './schemas.ts';

/** Paths that `MANAGEMENT_PORT` serves if it is set. */
const MANAGEMENT = new Set(['/livez', '/readyz', '/metrics']);

const TOKEN = [
  'An access token of an accepted issuer for this service, never one for Graph.',
  'In the local stack `npm run -s token -- --roles BookingsAppointment.ReadWrite.All` prints one.',
  'Elsewhere Microsoft Entra issues it: for an application by client credentials with the scope `api://…/.default`, for a user by a sign-in with a scope of this service.',
  'The administrator of this service knows the values. A 401 says what is wrong with a token.',
].join('\n\n');

/** The OpenAPI 3.1 document of this service with its configuration. */
export function openApiDocument({
  publicBaseUrl,
  idempotency,
  managementPort,
}: Pick<Config, 'publicBaseUrl' | 'idempotency' | 'managementPort'>): JsonObject {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Bookings proxy',
      version: VERSION,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        "Booking customers of Microsoft Bookings, with Graph's paths, bodies and errors. Paths also work without `/v1.0`, in any letter case and with keys as `bookingBusinesses('{business}')`.",
    },
    servers: [{ url: publicBaseUrl ?? '/' }],
    tags: [
      { name: 'Customers', description: 'Booking customers of a business.' },
      {
        name: 'Batch',
        description:
          "For clients that already use batches. Graph's limits count each request in it.",
      },
      { name: 'Permissions', description: 'What a caller may do, and what is missing.' },
      { name: 'Operating', description: 'Endpoints for operators and tools.' },
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
          description: TOKEN,
        },
      },
    },
  };
}

function paths(withManagement: boolean): JsonObject {
  const docs = OPERATION_DOCS.filter(({ path }) => withManagement || !MANAGEMENT.has(path));
  const byPath = Map.groupBy(docs, ({ path }) => path);
  return Object.fromEntries(
    [...byPath].map(([path, ofPath]) => [
      path,
      Object.fromEntries(ofPath.map((doc) => [doc.method, operationObject(doc)])),
    ]),
  );
}

function operationObject(doc: OperationDoc): JsonObject {
  const { operationId, tag, summary, description, parameters, body, responses, needsToken } = doc;
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    ...(parameters && { parameters: parameters.map((name) => ref('parameters', name)) }),
    ...(body && { requestBody: body }),
    security: needsToken ? [{ callerToken: [] }] : [],
    responses,
  };
}
