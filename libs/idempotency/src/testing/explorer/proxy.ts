import type { KeyEvent, KeyOutcome } from '../../transition.ts';
import { FINGERPRINT, apply, elapsedTimeOf } from './store.ts';
import { reconciliationSteps } from './reconciliation.ts';
import type { Rules } from './rules.ts';
import {
  IDLE,
  type Process,
  type Step,
  type Model,
  answered,
  spend,
  withProcess,
} from './model.ts';

type Writing = Extract<Process, { at: 'writing' }>;
type Awaiting = Extract<Process, { at: 'awaiting' }>;

/** The next steps of a process, including a crash. */
export function proxySteps(model: Model, index: number, rules: Rules): Step[] {
  const process = model.processes[index];
  if (!process) return [];
  const steps = ownSteps(model, index, process, rules).map((step) => ({
    ...step,
    label: `process ${index + 1} ${step.label}`,
  }));
  if (process.at !== 'idle' && model.left.crashes > 0) {
    steps.push({
      label: `process ${index + 1} crashes`,
      model: crashed(spend(model, 'crashes'), index, process),
    });
  }
  return steps;
}

function ownSteps(model: Model, index: number, process: Process, rules: Rules): Step[] {
  switch (process.at) {
    case 'idle':
      return (model.pendingKeys[index] ?? []).flatMap((key) =>
        acquireSteps(model, index, key, rules),
      );
    case 'reconciling':
    case 'listed':
    case 'adopting':
      return reconciliationSteps(model, index, process, rules);
    case 'sending': {
      const { key, fence } = process;
      const undo = rules.sentIsDurable ? undefined : model.records[key];
      const { nothingLost } = process;
      const event = { kind: 'send', fence, leaseMs: rules.lease, nothingLost } as const;
      const sent = apply(model, key, event, rules);
      const leaseUntil = model.now + rules.lease;
      const writing: Process = { at: 'writing', key, fence, leaseUntil, undo };
      return [
        {
          label: `records that ${key} is sent: ${sent.outcome.kind}`,
          model: withProcess(sent.model, index, sent.outcome.kind === 'updated' ? writing : IDLE),
        },
      ];
    }
    case 'writing':
      return writeSteps(model, index, process, rules);
    case 'awaiting':
      return answerSteps(model, index, process, rules);
  }
}

function acquireSteps(model: Model, index: number, key: string, rules: Rules): Step[] {
  const { lease, earlier } = rules;
  const event: KeyEvent = {
    kind: 'acquire',
    fingerprint: FINGERPRINT,
    leaseMs: lease,
    ...(earlier && { earlier }),
    // All keys have the same fingerprint.
    heldHere: rules.isOneProcess && model.processes.some(({ at }) => at !== 'idle'),
  };
  const { model: next, outcome } = apply(model, key, event, rules);
  if (outcome.kind === 'replay') {
    return [{ label: `replays ${key}`, model: answered(next, index, key) }];
  }
  if (outcome.kind !== 'acquired') {
    // The store keeps times that it has corrected.
    const label = `finds ${key} in use, until another time`;
    return next.records === model.records ? [] : [{ label, model: next }];
  }
  const { fence } = outcome;
  const lookup = outcome.lookup && {
    ...outcome.lookup,
    sentAtMs: elapsedTimeOf(model, outcome.lookup.sentAtMs),
    abandonedAtMs: elapsedTimeOf(model, outcome.lookup.abandonedAtMs),
  };
  return [
    {
      label: `acquires ${key}${lookup ? ' and must look it up' : ''}`,
      model: withProcess(
        next,
        index,
        lookup
          ? { at: 'reconciling', key, fence, lookup }
          : { at: 'sending', key, fence, nothingLost: false },
      ),
    },
  ];
}

function writeSteps(model: Model, index: number, process: Writing, rules: Rules): Step[] {
  const { key, fence } = process;
  const writtenAt = model.now;
  const written = {
    ...withProcess(model, index, { ...process, at: 'awaiting', writtenAt, response: undefined }),
    requests: [
      ...model.requests,
      { process: index, key, fence, writtenAt, by: writtenAt, delayed: false },
    ],
  };
  if (rules.mayWrite(model.now, process.leaseUntil)) {
    return [{ label: `writes the request of ${key}`, model: written }];
  }
  const released = apply(model, key, { kind: 'release', fence }, rules);
  const steps = [
    {
      label: `has too little time left to write ${key}`,
      model: withProcess(released.model, index, IDLE),
    },
  ];
  if (model.left.pauses > 0) {
    const label = `writes the request of ${key}, paused since its check`;
    steps.push({ label, model: spend(written, 'pauses') });
  }
  return steps;
}

function answerSteps(model: Model, index: number, process: Awaiting, rules: Rules): Step[] {
  const { key, fence, response } = process;
  if (!response && model.now < process.writtenAt + rules.attempt) return [];
  const event: KeyEvent =
    response?.kind === 'created'
      ? { kind: 'complete', fence, customer: response.customer, response: new Uint8Array() }
      : { kind: response?.kind === 'refused' ? 'release' : 'abandon', fence };
  const { model: next, outcome } = apply(model, key, event, rules);
  const label = `records that ${key} is ${event.kind}: ${outcome.kind}`;
  if (outcome.kind === 'owned-by-another' && !rules.operatorMayTake) {
    const violation = 'the customer of a key was assigned to another key';
    return [{ label, model: withProcess(next, index, IDLE), violation }];
  }
  const idle = withProcess(next, index, IDLE);
  return [{ label, model: isFinal(next, key, outcome) ? answered(idle, index, key) : idle }];
}

/** Whether the caller has received 201 or 4xx, and not an unknown outcome. */
function isFinal(model: Model, key: string, outcome: KeyOutcome): boolean {
  const state = model.records[key]?.state;
  return outcome.kind === 'updated' && (state === 'done' || state === undefined);
}

function crashed(model: Model, index: number, process: Process): Model {
  const stopped = withProcess(model, index, IDLE);
  if (!('undo' in process) || !process.undo) return stopped;
  const { key, fence, undo } = process;
  const record = model.records[key];
  if (record?.fence !== fence || record.state !== 'sent') return stopped;
  return { ...stopped, records: { ...model.records, [key]: undo } };
}
