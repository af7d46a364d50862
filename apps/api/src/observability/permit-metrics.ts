import { Counter, Gauge, type Registry } from 'prom-client';

/** How the process may use mailboxes whose limit it shares with other processes. */
export const PERMIT_MODES = ['shared', 'recovering', 'waiting', 'own-share'] as const;
export type PermitMode = (typeof PERMIT_MODES)[number];

/** What the process holds of the permits that all replicas share. */
export interface SharedState {
  readonly held: number;
  readonly mode: PermitMode;
}

/** The limit that replicas share through PostgreSQL. */
export class PermitMetrics {
  /** Where the gauges read. Without shared permits there is nothing to read. */
  state: (() => SharedState) | undefined;

  readonly statements: Counter;
  readonly handOvers: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const read = () => this.state?.();
    this.statements = new Counter({
      name: 'bookings_mailbox_permit_statements_total',
      help: 'Database statements about the permits of mailboxes.',
      registers,
    });
    this.handOvers = new Counter({
      name: 'bookings_mailbox_permit_hand_overs_total',
      help: 'Permits of mailboxes that were given up for another process.',
      registers,
    });
    new Gauge({
      name: 'bookings_mailbox_permits_held',
      help: 'Permits of all mailboxes that this process holds.',
      registers,
      collect() {
        this.set(read()?.held ?? 0);
      },
    });
    new Gauge({
      name: 'bookings_mailbox_permit_mode',
      help: '1 for the way in which the process uses mailboxes: under shared permits, or with PostgreSQL away.',
      labelNames: ['mode'],
      registers,
      collect() {
        const mode = read()?.mode;
        for (const each of PERMIT_MODES) this.set({ mode: each }, each === mode ? 1 : 0);
      },
    });
  }
}
