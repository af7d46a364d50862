import { number, TITLES } from './report.ts';
import type { Results } from './results.ts';
import { SERVERS } from './scenarios.ts';

const WIDTH = 760;
const ROW = 44;
const TOP = 56;
const BAR_FROM = 300;
const BAR_MOST = WIDTH - BAR_FROM - 90;

/** A picture (SVG) of the processor time per create, one bar for each server. */
export function chart(results: Results, note: string): string {
  const bars = SERVERS.map((target) => ({
    title: TITLES[target],
    ours: target === 'proxy',
    us: results.median('create', target, 'cpuUs'),
  }));
  const most = Math.max(...bars.map(({ us }) => us));
  const rows = bars.map(({ title, ours, us }, index) => {
    const y = TOP + index * ROW;
    const width = Math.max(1, (us / most) * BAR_MOST);
    return [
      text(BAR_FROM - 12, y + 19, title, `text-anchor="end"${ours ? ' font-weight="bold"' : ''}`),
      `<rect x="${BAR_FROM}" y="${y}" width="${number(width, 1)}" height="28" rx="3" fill="${ours ? '#0b6e4f' : '#8a94a6'}"/>`,
      text(BAR_FROM + width + 8, y + 19, `${number(us)} µs`, ours ? 'font-weight="bold"' : ''),
    ].join('\n');
  });
  const height = TOP + bars.length * ROW + 28;
  const heading = 'Processor time per create, less is better';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${heading}" font-family="system-ui, sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(16, 28, heading, 'font-size="16" font-weight="bold"'),
    ...rows,
    text(16, height - 12, note, 'font-size="11"'),
    '</svg>\n',
  ].join('\n');
}

function text(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${number(x, 1)}" y="${y}" fill="#1c2430" ${attributes}>${escaped}</text>`;
}
