import type { Clock } from '../contract/index.js';
import { type LedgerReader, OtlpExporter, type OtlpState, type OtlpTarget, otlpHeaders } from '../ledger/index.js';
import type { SettingsStore } from '../settings/index.js';
import type { Events } from './events.js';
import type { Faults } from './status.js';

/** Sends each exchange that ends to the configured OpenTelemetry collector. Off by default; a failure decides nothing and is shown. */
export function followOtlp({
  reader,
  clock,
  settings,
  events,
  faults,
}: {
  reader: LedgerReader;
  clock: Clock;
  settings: SettingsStore;
  events: Events;
  faults: Faults;
}): { counts(): Omit<OtlpState, 'problem'>; close(): Promise<void> } {
  const exporter = new OtlpExporter({
    reader,
    clock,
    async target(): Promise<OtlpTarget | undefined> {
      const { otlp } = settings.get().ledger;
      if (!otlp) return undefined;
      const headers = otlp.headersEnv === undefined ? {} : otlpHeaders(process.env[otlp.headersEnv] ?? '');
      return { endpoint: otlp.endpoint, headers, content: otlp.content === true };
    },
    onState({ problem, dropped, waiting }) {
      if (problem === undefined) faults.clear('otlp');
      else {
        const counts = `${waiting} exchanges wait, ${dropped} were dropped`;
        faults.set('otlp', `Traces do not reach the collector: ${problem}; ${counts}. Nothing else is touched (settings: ledger.otlp).`);
      }
    },
  });
  const stop = events.subscribe((event) => {
    if (event.type === 'exchange-ended' && settings.get().ledger.otlp) exporter.ended(event.exchange);
  });
  return {
    counts() {
      const { sent, dropped, waiting } = exporter.state();
      return { sent, dropped, waiting };
    },
    async close() {
      stop();
      await exporter.close();
    },
  };
}
