import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { isObject } from '@bookings/domain';
import { jsonObject, objectIn } from './json.ts';
import { freePort } from './local-server.ts';
import { onTeardown } from './teardown.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A series of a result, with its value. */
export interface Sample {
  readonly labels: Readonly<Record<string, unknown>>;
  readonly value: number;
}

/** A Prometheus that scrapes one process each second. It ends after the last test of the file. */
export class Prometheus {
  private constructor(
    private readonly url: string,
    private readonly job: string,
  ) {}

  static async start(job: string, target: string): Promise<Prometheus> {
    const folder = temporaryFolder();
    const config = join(folder, 'prometheus.yaml');
    const targets = [{ targets: [new URL(target).host] }];
    const scrape = { job_name: job, scrape_interval: '1s', static_configs: targets };
    writeFileSync(config, stringify({ scrape_configs: [scrape] }));
    const address = `127.0.0.1:${await freePort()}`;
    const args = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ];
    const child = spawn('prometheus', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const exit = once(child, 'close');
    onTeardown(async () => {
      child.kill('SIGTERM');
      await exit;
    });
    let log = '';
    const isReady = new Promise<boolean>((resolve) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        log += `${line}\n`;
        if (line.includes('Server is ready to receive web requests')) resolve(true);
      });
    });
    if ((await Promise.race([isReady, exit])) === true) {
      return new Prometheus(`http://${address}`, job);
    }
    throw new Error(`Prometheus ended: ${log}`);
  }

  /** The series of an instant query. Throws with Prometheus's message when it does not parse. */
  async query(expr: string): Promise<Sample[]> {
    const data = objectIn(await this.#get('query', { query: expr }), 'data');
    const series = Array.isArray(data['result']) ? data['result'].filter(isObject) : [];
    return series.map((each) => {
      const value = Array.isArray(each['value']) ? Number(each['value'][1]) : NaN;
      return { labels: objectIn(each, 'metric'), value };
    });
  }

  /** The values of a label in the series of a selector. */
  async labelValues(selector: string, label: string): Promise<unknown> {
    return (await this.#get(`label/${label}/values`, { 'match[]': selector }))['data'];
  }

  /** Waits until it has scraped `count` more times. */
  async scrapes(count: number): Promise<void> {
    const goal = (await this.#scraped()) + count;
    while ((await this.#scraped()) < goal);
  }

  async #scraped(): Promise<number> {
    const [sample] = await this.query(`count_over_time(up{job="${this.job}"}[1h])`);
    return sample?.value ?? 0;
  }

  async #get(path: string, query: Record<string, string>): Promise<Record<string, unknown>> {
    const response = await fetch(
      `${this.url}/api/v1/${path}?${new URLSearchParams(query).toString()}`,
    );
    const text = await response.text();
    if (!response.ok) throw new Error(`${query['query'] ?? path}: ${text}`);
    return jsonObject(text);
  }
}
