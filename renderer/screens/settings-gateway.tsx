import { useState } from 'preact/hooks';
import { status } from '../api/events.js';
import { NumberField, SettingsForm } from '../parts/settings-form.js';
import { t } from '../strings/index.js';
import { words } from './agent-form.js';
import type { PageProps } from './settings.js';

const MIB = 1024 * 1024;

/** Where it listens and how much it takes. */
export function GatewaySettings({ settings, reload }: PageProps) {
  const s = t.settings.gateway;
  const [port, setPort] = useState<number | ''>(settings.listen.port);
  const [hosts, setHosts] = useState(settings.listen.allowedHosts.join(', '));
  const [body, setBody] = useState<number | ''>(settings.limits.bodyBytes / MIB);
  const [scan, setScan] = useState<number | ''>(settings.limits.scanBytes / MIB);
  const [many, setMany] = useState<number | ''>(settings.limits.perAgentConcurrent);
  const base = status.value?.baseUrl ?? '';
  const running = Number(/:(\d+)$/.exec(base)?.[1] ?? settings.listen.port);
  const bytesOf = (mib: number | ''): number => Math.round(Number(mib) * MIB);
  return (
    <>
      <SettingsForm
        title={s.title}
        lead={
          <>
            {s.listens} <span class="mono">{base}</span>
          </>
        }
        reload={reload}
        patch={() => ({ listen: { port: Number(port), allowedHosts: words(hosts) } })}
      >
        <div class="two">
          <NumberField label={s.port} hint={s.portHint} min={0} max={65_535} value={port} onInput={setPort} />
          <label>
            {s.hosts} <span class="hint">{s.hostsHint}</span>
            <input class="mono" value={hosts} onInput={(e) => setHosts(e.currentTarget.value)} />
          </label>
        </div>
        {running !== settings.listen.port ? <p class="note warn">{s.restart(settings.listen.port, running)}</p> : null}
        <details>
          <summary>{s.taken}</summary>
          <ol class="help">
            {s.takenSteps(settings.listen.port).map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </details>
      </SettingsForm>
      <SettingsForm
        title={s.limits}
        reload={reload}
        patch={() => ({ limits: { bodyBytes: bytesOf(body), scanBytes: bytesOf(scan), perAgentConcurrent: Number(many) } })}
      >
        <div class="two">
          <NumberField label={s.body} hint={s.bodyHint} min={0.001} step="any" value={body} onInput={setBody} />
          <NumberField label={s.scan} hint={s.scanHint} min={0.001} step="any" value={scan} onInput={setScan} />
          <NumberField label={s.many} hint={s.manyHint} min={1} max={10_000} value={many} onInput={setMany} />
        </div>
      </SettingsForm>
    </>
  );
}
