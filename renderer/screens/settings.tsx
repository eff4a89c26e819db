import { useEffect } from 'preact/hooks';
import type { Settings as AllSettings } from '../../proxy/contract/index.js';
import { api } from '../api/client.js';
import { concerns, onEvent } from '../api/events.js';
import { Await, useLoad } from '../parts/load.js';
import { inDesktop } from '../parts/sign-in.js';
import { to } from '../router.js';
import { t } from '../strings/index.js';
import { ApprovalSettings, BudgetSettings, RetentionSettings } from './settings-approvals.js';
import { BackupSettings } from './settings-backup.js';
import { DetectionSettings } from './settings-detection.js';
import { GatewaySettings } from './settings-gateway.js';
import { IssuerSettings } from './settings-issuers.js';
import { PersonSettings } from './settings-person.js';
import { DemoSettings, DesktopSettings, DiagnosticsSettings } from './settings-system.js';
import '../styles/settings.css';

export interface SettingsAnswer {
  settings: AllSettings;
  directory: string;
  problem?: string;
}

/** What every page of the settings gets. */
export interface PageProps {
  settings: AllSettings;
  directory: string;
  reload: () => void;
}

const PAGES = [
  'gateway',
  'person',
  'sign-in',
  'detection',
  'approvals',
  'budgets',
  'retention',
  'backup',
  'diagnostics',
  'desktop',
  'demo',
] as const;
export type SettingsPage = (typeof PAGES)[number];

/** Settings, a page for each kind. */
export function Settings({ page }: { page: string }) {
  const all = useLoad((signal) => api<SettingsAnswer>('GET', '/settings', undefined, signal), []);
  useEffect(() => onEvent((e) => concerns(e, 'settings') && all.reload()), []);
  const current: SettingsPage = (PAGES as readonly string[]).includes(page) ? (page as SettingsPage) : 'gateway';
  return (
    <div class="page">
      <header>
        <div>
          <h1>{t.nav.settings}</h1>
          <p>{all.value ? t.settings.lead(all.value.directory) : '\u00a0'}</p>
        </div>
        <a class="button" href={to('/settings/first-run')}>
          {t.settings.firstRun}
        </a>
      </header>
      {all.value?.problem ? (
        <p class="note warn" role="alert">
          {all.value.problem}
        </p>
      ) : null}
      <div class="settings">
        <nav aria-label={t.nav.settings}>
          {PAGES.map((name) => (
            <a key={name} href={to(`/settings/${name}`)} aria-current={name === current ? 'page' : undefined}>
              {t.settings.pages[name]}
            </a>
          ))}
        </nav>
        <div class="stack wide-gap">
          <Await of={all}>{(a) => <Page name={current} settings={a.settings} directory={a.directory} reload={all.reload} />}</Await>
        </div>
      </div>
    </div>
  );
}

function Page({ name, ...props }: PageProps & { name: SettingsPage }) {
  switch (name) {
    case 'gateway':
      return <GatewaySettings {...props} />;
    case 'person':
      return <PersonSettings {...props} />;
    case 'sign-in':
      return <IssuerSettings {...props} />;
    case 'detection':
      return <DetectionSettings {...props} />;
    case 'approvals':
      return <ApprovalSettings {...props} />;
    case 'budgets':
      return <BudgetSettings {...props} />;
    case 'retention':
      return <RetentionSettings {...props} />;
    case 'backup':
      return <BackupSettings {...props} />;
    case 'diagnostics':
      return <DiagnosticsSettings />;
    case 'desktop':
      return <DesktopSettings {...props} desktop={inDesktop()} />;
    case 'demo':
      return <DemoSettings />;
  }
}
