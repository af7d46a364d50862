import { GraphError } from '@bookings/domain';
import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '../auth/requires.decorator.ts';
import { Metrics } from '../observability/metrics.ts';
import { Readiness } from './readiness.ts';

/** Liveness, readiness and metrics. */
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
  ) {}

  /** Checks nothing: a process that responds is alive. */
  @Get('livez')
  @Public()
  livez(): { status: string } {
    return { status: 'alive' };
  }

  @Get('readyz')
  @Public()
  async readyz(): Promise<{ status: string; degraded?: readonly string[] }> {
    const state = await this.readiness.state();
    switch (state.status) {
      case 'ready':
        return { status: 'ready' };
      case 'degraded':
        return { status: 'ready', degraded: state.reasons };
      case 'not ready':
        throw new GraphError('ServiceUnavailable', `Not ready: ${state.reason}.`, {
          headers: { 'Retry-After': '5' },
        });
    }
  }

  @Get('metrics')
  @Public()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  prometheus(): Promise<Buffer> {
    return this.metrics.text();
  }
}
