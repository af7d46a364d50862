import { isObject } from '@bookings/domain';
import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { readJson } from './json-body.ts';
import { businessId, opaqueId } from './opaque-id.ts';

// Read by decorators of our own and not by pipes, which make five promises for each parameter.

/** The business of the path, decoded. Answers 400 to what can be no id. */
export const Business = idFromPath('business', businessId);

/** The customer of the path, decoded. Answers 400 to what can be no id. */
export const Customer = idFromPath('customer', (id) => opaqueId(id, 'customer'));

/**
 * The body as a function reads it, which throws a GraphError 400 with every violation. Names the
 * function: what a transpiler reflects of a parameter's type can vanish, and the check with it.
 */
export const ParsedBody = createParamDecorator(
  (parse: (body: unknown) => unknown, context: ExecutionContext) =>
    parse(readJson(requestOf(context).body)),
);

function idFromPath(name: string, read: (id: string) => string): () => ParameterDecorator {
  return createParamDecorator((_none: undefined, context: ExecutionContext) =>
    read(segmentOf(requestOf(context), name)),
  );
}

/** What the route calls `name` in the path, decoded once by routing; empty where there is none. */
export function segmentOf({ params }: FastifyRequest, name: string): string {
  const segment = isObject(params) ? params[name] : undefined;
  return typeof segment === 'string' ? segment : '';
}

function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}
