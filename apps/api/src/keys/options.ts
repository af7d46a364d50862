/** The arguments of a command, by what they are. */
export interface Options {
  /** A digest may begin with a dash too, so an unknown option is one of these. */
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<string>;
  /** The values of options that may be given several times. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

const FLAGS: readonly string[] = ['--created', '--not-created', '--unchecked'];
const WITH_VALUE: readonly string[] = ['--audit', '--business'];

/** @returns undefined when an option has no value */
export function readOptions(args: readonly string[]): Options | undefined {
  const positionals: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const remaining = args.values();
  for (const arg of remaining) {
    if (WITH_VALUE.includes(arg)) {
      const { value } = remaining.next();
      if (value === undefined) return undefined;
      values.set(arg, [...(values.get(arg) ?? []), value]);
    } else if (FLAGS.includes(arg)) flags.add(arg);
    else if (arg !== '--') positionals.push(arg);
  }
  return { positionals, flags, values };
}

/** Whether there is no option but these. */
export function hasOnly({ flags, values }: Options, ...allowed: readonly string[]): boolean {
  return [...flags, ...values.keys()].every((option) => allowed.includes(option));
}
