import type { GraphError } from '@bookings/domain';
import { recordDamaged } from './errors.ts';
import type { IdempotentResponse, RunningCreate } from './idempotent-create.ts';
import type { IdempotencyAlarm, IdempotencyAudit } from './ports.ts';
import { type CreateResponse, deserializeResponse } from './response-codec.ts';

/** Answers creates that are done with their stored responses. */
export class StoredResponses {
  constructor(
    private readonly audit: IdempotencyAudit,
    private readonly alarm: IdempotencyAlarm,
  ) {}

  /** @throws GraphError 503 when the response is damaged, or is that of another record */
  async replay(create: RunningCreate, sealed: Uint8Array): Promise<IdempotentResponse> {
    const { store, key, business, request } = create;
    const response = opened(create, sealed);
    if (!response) {
      // An operator can resolve the key then. If it fails, the next repeat tries again.
      await store.apply(key, { kind: 'discard', response: sealed }).catch(() => undefined);
      throw this.damaged(create);
    }
    await this.audit.replayed(business, request, response.id);
    return { ...response, outcome: 'replayed' };
  }

  damaged({ key, request }: RunningCreate): GraphError {
    this.alarm.responseDamaged(key, request.requestId);
    return recordDamaged();
  }
}

function opened(
  { secret, key, sealingKey }: RunningCreate,
  sealed: Uint8Array,
): CreateResponse | undefined {
  try {
    return deserializeResponse(secret.open(key, sealingKey, sealed));
  } catch {
    return undefined;
  }
}
