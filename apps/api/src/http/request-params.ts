import { isObject } from '@bookings/domain';
import { Injectable, type PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { readJson } from './json-body.ts';
import { businessId, opaqueId } from './opaque-id.ts';

/** Checks the id of the business. The router has decoded it once. */
@Injectable()
export class BusinessIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    return businessId(value);
  }
}

/** Checks the id of the customer. The router has decoded it once. */
@Injectable()
export class CustomerIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    return opaqueId(value, 'customer');
  }
}

/**
 * Parses and validates a JSON body. `parse` throws a GraphError 400 with every violation. Each route
 * names its function, because reflected parameter types can silently disappear.
 */
export class JsonBodyPipe<T> implements PipeTransform<unknown, T> {
  constructor(private readonly parse: (body: unknown) => T) {}

  transform(body: unknown): T {
    return this.parse(readJson(body));
  }
}

/** The path parameter `name`; empty if the route has none. */
export function segmentOf({ params }: FastifyRequest, name: string): string {
  const segment = isObject(params) ? params[name] : undefined;
  return typeof segment === 'string' ? segment : '';
}
