import type { KeyEvent, KeyOutcome } from '../../transition.ts';
import { CONTENT, apply } from './key-store.ts';
import { lookSteps } from './lookup.ts';
import type { Rules } from './rules.ts';
import {
  IDLE,
  type Process,
  type Step,
  type World,
  answered,
  spend,
  withProcess,
} from './model.ts';

type Writing = Extract<Process, { at: 'writing' }>;
type Awaiting = Extract<Process, { at: 'awaiting' }>;

/** What the process of that index can do next, or what can become of it. */
export function proxySteps(world: World, index: number, rules: Rules): Step[] {
  const process = world.processes[index];
  if (!process) return [];
  const steps = ownSteps(world, index, process, rules).map((step) => ({
    ...step,
    label: `process ${index + 1} ${step.label}`,
  }));
  if (process.at !== 'idle' && world.left.crashes > 0) {
    steps.push({
      label: `process ${index + 1} crashes`,
      world: crashed(spend(world, 'crashes'), index, process),
    });
  }
  return steps;
}

function ownSteps(world: World, index: number, process: Process, rules: Rules): Step[] {
  switch (process.at) {
    case 'idle':
      return (world.asked[index] ?? []).flatMap((key) => claimSteps(world, index, key, rules));
    case 'looking':
    case 'listed':
    case 'adopting':
      return lookSteps(world, index, process, rules);
    case 'sending': {
      const { key, fence } = process;
      const undo = rules.sentIsDurable ? undefined : world.records[key];
      const event = { kind: 'send', fence, leaseMs: rules.lease } as const;
      const sent = apply(world, key, event, rules);
      const leaseUntil = world.now + rules.lease;
      const writing: Process = { at: 'writing', key, fence, leaseUntil, undo };
      return [
        {
          label: `records that ${key} is sent: ${sent.outcome.kind}`,
          world: withProcess(sent.world, index, sent.outcome.kind === 'moved' ? writing : IDLE),
        },
      ];
    }
    case 'writing':
      return writeSteps(world, index, process, rules);
    case 'awaiting':
      return answerSteps(world, index, process, rules);
  }
}

function claimSteps(world: World, index: number, key: string, rules: Rules): Step[] {
  const event = { kind: 'claim', content: CONTENT, leaseMs: rules.lease } as const;
  const { world: next, outcome } = apply(world, key, event, rules);
  if (outcome.kind === 'replay') {
    return [{ label: `replays ${key}`, world: answered(next, index, key) }];
  }
  if (outcome.kind !== 'claimed') return [];
  const { fence, look } = outcome;
  return [
    {
      label: `claims ${key}${look ? ' and has to look' : ''}`,
      world: withProcess(
        next,
        index,
        look ? { at: 'looking', key, fence, look } : { at: 'sending', key, fence },
      ),
    },
  ];
}

function writeSteps(world: World, index: number, process: Writing, rules: Rules): Step[] {
  const { key, fence } = process;
  const writtenAt = world.now;
  const written = {
    ...withProcess(world, index, { ...process, at: 'awaiting', writtenAt, answer: undefined }),
    requests: [
      ...world.requests,
      { process: index, key, fence, writtenAt, by: writtenAt, delayed: false },
    ],
  };
  if (rules.mayWrite(world.now, process.leaseUntil)) {
    return [{ label: `writes the request of ${key}`, world: written }];
  }
  const released = apply(world, key, { kind: 'release', fence }, rules);
  const steps = [
    { label: `comes too late to write ${key}`, world: withProcess(released.world, index, IDLE) },
  ];
  if (world.left.pauses > 0) {
    const label = `writes the request of ${key}, paused since its check`;
    steps.push({ label, world: spend(written, 'pauses') });
  }
  return steps;
}

function answerSteps(world: World, index: number, process: Awaiting, rules: Rules): Step[] {
  const { key, fence, answer } = process;
  if (!answer && world.now < process.writtenAt + rules.attempt) return [];
  const event: KeyEvent =
    answer?.kind === 'created'
      ? { kind: 'done', fence, customer: answer.customer, answer: new Uint8Array() }
      : { kind: answer?.kind === 'refused' ? 'release' : 'abandon', fence };
  const { world: next, outcome } = apply(world, key, event, rules);
  const label = `records that ${key} is ${event.kind}: ${outcome.kind}`;
  if (outcome.kind === 'owned') {
    const violation = 'what Graph created for a key went to another';
    return [{ label, world: withProcess(next, index, IDLE), violation }];
  }
  const idle = withProcess(next, index, IDLE);
  return [{ label, world: isFinal(next, key, outcome) ? answered(idle, index, key) : idle }];
}

/** Whether the caller has got 201 or 4xx, and not that nobody knows. */
function isFinal(world: World, key: string, outcome: KeyOutcome): boolean {
  const state = world.records[key]?.state;
  return outcome.kind === 'moved' && (state === 'done' || state === 'free');
}

function crashed(world: World, index: number, process: Process): World {
  const stopped = withProcess(world, index, IDLE);
  if (!('undo' in process) || !process.undo) return stopped;
  const { key, fence, undo } = process;
  const record = world.records[key];
  if (record?.fence !== fence || record.state !== 'sent') return stopped;
  return { ...stopped, records: { ...world.records, [key]: undo } };
}
