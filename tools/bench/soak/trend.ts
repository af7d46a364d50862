/** A figure at one moment. */
export interface Point {
  readonly atSeconds: number;
  readonly value: number;
}

export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

/** How much a minute brings, by least squares; NaN of fewer than two moments. */
export function slopePerMinute(points: readonly Point[]): number {
  const middle = mean(points.map(({ atSeconds }) => atSeconds));
  const level = mean(points.map(({ value }) => value));
  const off = points.map(({ atSeconds, value }) => [atSeconds - middle, value - level] as const);
  const rise = off.reduce((sum, [seconds, value]) => sum + seconds * value, 0);
  const run = off.reduce((sum, [seconds]) => sum + seconds ** 2, 0);
  return (rise / run) * 60;
}

/** The least of each minute: a heap is as large as it must be right after a collection. */
export function leastOfMinutes(points: readonly Point[]): readonly Point[] {
  const least = new Map<number, Point>();
  for (const point of points) {
    const minute = Math.ceil(point.atSeconds / 60);
    const found = least.get(minute);
    if (!found || point.value < found.value) least.set(minute, point);
  }
  return [...least].map(([minute, { value }]) => ({ atSeconds: minute * 60, value }));
}
