import { performance } from 'node:perf_hooks';
import {
  type BookingCustomer,
  type BookingCustomerChanges,
  BookingsGateway,
  type Operation,
  type UpstreamRequest,
  encodedSegment,
  parseCustomer,
  parseCustomerChanges,
} from '@bookings/domain';
import { Controller, Delete, Get, Inject, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOfRequest } from '../auth/auth.hook.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { CONFIG } from '../config/config.token.ts';
import type { Config } from '../config/config.ts';
import { customersUrl } from '../http/customers-url.ts';
import { forwardedRequest } from '../http/forwarded-request.ts';
import { Business, Customer, ParsedBody } from '../http/request-params.ts';
import { Creates } from './create-customer.ts';
import { sendUpstreamResponse } from '../http/upstream-response.ts';

/** Booking customers of a business, as Graph has them. */
@Controller('v1.0/solutions/bookingBusinesses/:business/customers')
export class CustomersController {
  constructor(
    private readonly upstream: BookingsGateway,
    private readonly creates: Creates,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @Requires('createCustomer')
  async create(
    @Business() business: string,
    @ParsedBody(parseCustomer) customer: BookingCustomer,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { up } = this.#upstreamRequest(request, 'createCustomer');
    const { answer, headers } = await this.creates.create(request, business, customer, up);
    const location = `${this.#customersUrl(request, business)}/${encodedSegment(answer.id)}`;
    sendUpstreamResponse(request, reply.headers({ ...headers, Location: location }), answer);
  }

  @Get()
  @Requires('listCustomers')
  async list(
    @Business() business: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { up, query } = this.#upstreamRequest(request, 'listCustomers');
    const url = this.#customersUrl(request, business);
    sendUpstreamResponse(
      request,
      reply,
      await this.upstream.listCustomers(business, query, url, up),
    );
  }

  @Get('$count')
  @Requires('countCustomers')
  async count(
    @Business() business: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { up, query } = this.#upstreamRequest(request, 'countCustomers');
    sendUpstreamResponse(request, reply, await this.upstream.countCustomers(business, query, up));
  }

  @Get(':customer')
  @Requires('getCustomer')
  async get(
    @Business() business: string,
    @Customer() customer: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { up, query } = this.#upstreamRequest(request, 'getCustomer');
    sendUpstreamResponse(
      request,
      reply,
      await this.upstream.getCustomer(business, customer, query, up),
    );
  }

  @Patch(':customer')
  @Requires('updateCustomer')
  async update(
    @Business() business: string,
    @Customer() customer: string,
    @ParsedBody(parseCustomerChanges) changes: BookingCustomerChanges,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { up } = this.#upstreamRequest(request, 'updateCustomer');
    sendUpstreamResponse(
      request,
      reply,
      await this.upstream.updateCustomer(business, customer, changes, up),
    );
  }

  @Delete(':customer')
  @Requires('deleteCustomer')
  async delete(
    @Business() business: string,
    @Customer() customer: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { up } = this.#upstreamRequest(request, 'deleteCustomer');
    sendUpstreamResponse(
      request,
      reply,
      await this.upstream.deleteCustomer(business, customer, up),
    );
  }

  #upstreamRequest(
    request: FastifyRequest,
    operation: Operation,
  ): { readonly up: UpstreamRequest; readonly query: string } {
    const { requestContext } = request;
    const { headers, query } = forwardedRequest(request, operation);
    const up = {
      ...callerOfRequest(request),
      requestId: requestContext.requestId,
      clientRequestId: requestContext.clientRequestId,
      headers,
      deadlineAtMs: performance.now() + this.config.graph.deadlineMs,
      signal: requestContext.disconnect.signal,
      trace: requestContext.upstream,
    };
    return { up, query };
  }

  #customersUrl(request: FastifyRequest, business: string): string {
    return customersUrl(request, this.config.publicBaseUrl, business);
  }
}
