import { BookingsGateway } from '@bookings/domain';
import {
  CustomerLists,
  IdempotentCreates,
  LeasedAttempts,
  Reconciler,
  StoreConnection,
  UnkeyedCreates,
} from '@bookings/idempotency';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.ts';
import { KeyAudit } from '../audit/key-audit.ts';
import { WriteAudit } from '../audit/write-audit.ts';
import { CONFIG } from '../config/config.token.ts';
import type { Config } from '../config/config.ts';
import { DisplayNameRepair } from '../graph/display-name-repair.ts';
import { GraphModule } from '../graph/graph.module.ts';
import { IdempotencyCounters } from '../observability/idempotency-counters.ts';
import { IdempotencyLogAlarm } from './idempotency-log-alarm.ts';

const IDEMPOTENT_CREATES_OPTIONS = Symbol('IdempotentCreatesOptions');

/** Idempotent creates. Wires `@bookings/idempotency` to the adapters for its ports, and shuts it down. */
@Module({
  imports: [AuditModule, GraphModule],
  providers: [
    IdempotencyCounters,
    IdempotencyLogAlarm,
    {
      provide: Reconciler,
      useFactory: (gateway: BookingsGateway, { graph, idempotency }: Config) =>
        new Reconciler(new CustomerLists(gateway, graph.deadlineMs), {
          settleMs: idempotency.settleMs,
          deadlineMs: graph.deadlineMs,
        }),
      inject: [BookingsGateway, CONFIG],
    },
    {
      provide: LeasedAttempts,
      useFactory: (gateway: BookingsGateway, names: DisplayNameRepair, { graph }: Config) =>
        new LeasedAttempts(gateway, names, graph),
      inject: [BookingsGateway, DisplayNameRepair, CONFIG],
    },
    {
      provide: UnkeyedCreates,
      useFactory: (...parts: ConstructorParameters<typeof UnkeyedCreates>) =>
        new UnkeyedCreates(...parts),
      inject: [StoreConnection, BookingsGateway, DisplayNameRepair],
    },
    {
      provide: IdempotentCreates,
      useFactory: (...parts: ConstructorParameters<typeof IdempotentCreates>) =>
        new IdempotentCreates(...parts),
      inject: [
        StoreConnection,
        LeasedAttempts,
        Reconciler,
        KeyAudit,
        IdempotencyCounters,
        IdempotencyLogAlarm,
        UnkeyedCreates,
        IDEMPOTENT_CREATES_OPTIONS,
      ],
    },
    {
      provide: IDEMPOTENT_CREATES_OPTIONS,
      useFactory: ({ graph }: Config) => graph,
      inject: [CONFIG],
    },
  ],
  exports: [IdempotentCreates, UnkeyedCreates],
})
export class IdempotencyModule implements OnApplicationShutdown {
  constructor(
    private readonly reconciler: Reconciler,
    private readonly gateway: BookingsGateway,
    private readonly writeAudit: WriteAudit,
    private readonly creates: IdempotentCreates,
    private readonly store: StoreConnection,
  ) {}

  /**
   * One hook, because the order matters and Nest runs the hooks of a module's providers concurrently.
   * The gateway aborts what still runs, and its outcomes are audited. The creates then record unknown
   * outcomes, so the store closes last.
   */
  async onApplicationShutdown(): Promise<void> {
    this.reconciler.close();
    await this.gateway.close();
    await this.writeAudit.close();
    await this.creates.whenIdle();
    await this.store.close();
  }
}
