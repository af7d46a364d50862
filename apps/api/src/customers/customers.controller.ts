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
import { Body, Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOfRequest } from '../auth/auth.hook.ts';
import { CONFIG } from '../config/config.token.ts';
import type { Config } from '../config/config.ts';
import { customersUrl } from '../http/customers-url.ts';
import { forwardedRequest } from '../http/forwarded-request.ts';
import { OperationRoute } from '../http/operation-route.decorator.ts';
import { BusinessIdPipe, CustomerIdPipe, JsonBodyPipe } from '../http/request-params.ts';
import { CreateCustomerService } from './create-customer.service.ts';
import { sendUpstreamResponse } from '../http/upstream-response.ts';

/** The routes for the booking customers of a business, with the paths of Graph. */
@Controller('v1.0')
export class CustomersController {
  constructor(
    private readonly gateway: BookingsGateway,
    private readonly createCustomer: CreateCustomerService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @OperationRoute('createCustomer')
  async create(
    @Param('business', BusinessIdPipe) business: string,
    @Body(new JsonBodyPipe(parseCustomer)) customer: BookingCustomer,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { upstreamRequest } = this.#upstreamRequest(request, 'createCustomer');
    const { response, headers } = await this.createCustomer.create(
      request,
      business,
      customer,
      upstreamRequest,
    );
    const location = `${this.#customersUrl(request, business)}/${encodedSegment(response.id)}`;
    sendUpstreamResponse(request, reply.headers({ ...headers, Location: location }), response);
  }

  @OperationRoute('listCustomers')
  async list(
    @Param('business', BusinessIdPipe) business: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { upstreamRequest, query } = this.#upstreamRequest(request, 'listCustomers');
    const url = this.#customersUrl(request, business);
    sendUpstreamResponse(
      request,
      reply,
      await this.gateway.listCustomers(business, query, url, upstreamRequest),
    );
  }

  @OperationRoute('countCustomers')
  async count(
    @Param('business', BusinessIdPipe) business: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { upstreamRequest, query } = this.#upstreamRequest(request, 'countCustomers');
    sendUpstreamResponse(
      request,
      reply,
      await this.gateway.countCustomers(business, query, upstreamRequest),
    );
  }

  @OperationRoute('getCustomer')
  async get(
    @Param('business', BusinessIdPipe) business: string,
    @Param('customer', CustomerIdPipe) customer: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { upstreamRequest, query } = this.#upstreamRequest(request, 'getCustomer');
    sendUpstreamResponse(
      request,
      reply,
      await this.gateway.getCustomer(business, customer, query, upstreamRequest),
    );
  }

  @OperationRoute('updateCustomer')
  async update(
    @Param('business', BusinessIdPipe) business: string,
    @Param('customer', CustomerIdPipe) customer: string,
    @Body(new JsonBodyPipe(parseCustomerChanges)) changes: BookingCustomerChanges,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { upstreamRequest } = this.#upstreamRequest(request, 'updateCustomer');
    sendUpstreamResponse(
      request,
      reply,
      await this.gateway.updateCustomer(business, customer, changes, upstreamRequest),
    );
  }

  @OperationRoute('deleteCustomer')
  async delete(
    @Param('business', BusinessIdPipe) business: string,
    @Param('customer', CustomerIdPipe) customer: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { upstreamRequest } = this.#upstreamRequest(request, 'deleteCustomer');
    sendUpstreamResponse(
      request,
      reply,
      await this.gateway.deleteCustomer(business, customer, upstreamRequest),
    );
  }

  #upstreamRequest(
    request: FastifyRequest,
    operation: Operation,
  ): { readonly upstreamRequest: UpstreamRequest; readonly query: string } {
    const { requestContext } = request;
    const { headers, query } = forwardedRequest(request, operation);
    const upstreamRequest = {
      ...callerOfRequest(request),
      requestId: requestContext.requestId,
      clientRequestId: requestContext.clientRequestId,
      headers,
      deadlineAtMs: performance.now() + this.config.graph.deadlineMs,
      signal: requestContext.disconnect.signal,
      trace: requestContext.upstream,
      traceId: requestContext.traceId,
      spans: requestContext.span,
    };
    return { upstreamRequest, query };
  }

  #customersUrl(request: FastifyRequest, business: string): string {
    return customersUrl(request, this.config.publicBaseUrl, business);
  }
}
