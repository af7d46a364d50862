/** What a `/metrics` says, in the text format of Prometheus. */
export class MetricsText {
  readonly #lines: readonly string[];

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  /** Of a metric without labels; NaN where there is none. */
  value(name: string): number {
    const line = this.#lines.find((each) => each.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? NaN);
  }

  /** Of each series of a metric, by the value of one of its labels; those that share it are added up. */
  byLabel(name: string, label: string): ReadonlyMap<string, number> {
    const series = new RegExp(`^${name}\\{(?:.*,)?${label}="([^"]*)".*\\} (\\S+)$`);
    const sums = new Map<string, number>();
    for (const line of this.#lines) {
      const [, key, value] = series.exec(line) ?? [];
      if (key !== undefined) sums.set(key, (sums.get(key) ?? 0) + Number(value));
    }
    return sums;
  }
}
