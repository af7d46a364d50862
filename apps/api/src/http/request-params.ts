import { isObject } from '@bookings/domain';
import { Injectable, type PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { readJson } from './json-body.ts';
import { businessId, opaqueId } from './opaque-id.ts';

/** The business of the path, which the router has decoded once. Refuses what cannot be an id with 400. */
@Injectable()
export class BusinessIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    return businessId(value);
  }
}

/** The customer of the path, which the router has decoded once. Refuses what cannot be an id with 400. */
@Injectable()
export class CustomerIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    return opaqueId(value, 'customer');
  }
}

/**
 * The JSON of a body as `parse` reads it, which throws a GraphError 400 with every violation. The
 * function is named at each route: a validation by the parameter's reflected type can vanish.
 */
export class JsonBodyPipe<T> implements PipeTransform<unknown, T> {
  constructor(private readonly parse: (body: unknown) => T) {}

  transform(body: unknown): T {
    return this.parse(readJson(body));
  }
}

/** The segment that the route calls `name`; empty where there is none. */
export function segmentOf({ params }: FastifyRequest, name: string): string {
  const segment = isObject(params) ? params[name] : undefined;
  return typeof segment === 'string' ? segment : '';
}
