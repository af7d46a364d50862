import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { errorFields } from './error-fields.ts';
import type { Log } from './logging.ts';

type Export = Parameters<SpanExporter['export']>;

/** How long one export may take, its repeats included. */
export const EXPORT_TIMEOUT_MS = 10_000;

/** Exports spans, and logs when that begins to fail and when it works again. */
export class ReportingExporter implements SpanExporter {
  readonly #exporter: OTLPTraceExporter;
  #isFailing = false;

  constructor(
    url: string,
    private readonly log: Log,
    private readonly timeoutMs = EXPORT_TIMEOUT_MS,
  ) {
    this.#exporter = new OTLPTraceExporter({ url, timeoutMillis: timeoutMs });
  }

  export(spans: Export[0], done: Export[1]): void {
    // The exporter's own timeout begins again with each byte of a response.
    const timer = setTimeout(() => {
      this.#report(new Error(`the collector has not answered within ${this.timeoutMs} ms`));
    }, this.timeoutMs).unref();
    this.#exporter.export(spans, (result) => {
      clearTimeout(timer);
      this.#report(result.error);
      done(result);
    });
  }

  forceFlush(): Promise<void> {
    return this.#exporter.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  /** @param error undefined when the export has succeeded */
  #report(error: Error | undefined): void {
    const isFailing = error !== undefined;
    if (isFailing === this.#isFailing) return;
    this.#isFailing = isFailing;
    if (isFailing) this.log.write('tracesNotExported', errorFields(error));
    else this.log.write('tracesExportedAgain');
  }
}
