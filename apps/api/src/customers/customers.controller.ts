import { performance } from 'node:perf_hooks';
import { BookingCustomer, BookingsUpstream } from '@bookings/domain';
import { Body, Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOfRequest } from '../auth/authenticate.hook.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { CONFIG } from '../config/config.token.ts';
import type { Config } from '../config/config.ts';
import { customerLocation } from '../http/customer-location.ts';
import { OpaqueIdPipe } from '../http/opaque-id.pipe.ts';
import { ParseBodyPipe } from '../http/parse-body.pipe.ts';
import { identify } from '../http/request-trail.ts';
import { headersOfWrite } from '../http/write-headers.ts';

/** Booking customers of a business, as Graph has them. */
@Controller('v1.0/solutions/bookingBusinesses/:business/customers')
export class CustomersController {
  constructor(
    private readonly upstream: BookingsUpstream,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @Requires('createCustomer')
  async create(
    @Param('business', new OpaqueIdPipe('business')) business: string,
    @Body(new ParseBodyPipe(BookingCustomer)) customer: BookingCustomer,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { trail } = request;
    const created = await this.upstream.createCustomer(business, customer, {
      ...callerOfRequest(request),
      clientRequestId: trail.clientRequestId,
      headers: headersOfWrite(request),
      deadlineAtMs: performance.now() + this.config.graph.deadlineMs,
      departed: trail.departure.signal,
      trace: trail.upstream,
    });
    trail.requestId = created.requestId ?? trail.requestId;
    identify(reply, trail);
    const { queuedMs, upstreamMs } = trail.upstream;
    reply
      .status(201)
      .header(
        'Location',
        customerLocation(request, this.config.publicBaseUrl, business, created.id),
      )
      .header(
        'Server-Timing',
        `queue;dur=${queuedMs.toFixed(1)}, graph;dur=${upstreamMs.toFixed(1)}`,
      )
      .type(created.contentType)
      .send(created.body);
  }
}
