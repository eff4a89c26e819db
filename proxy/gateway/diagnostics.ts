import type { GatewayStatus, Settings } from '../contract/index.js';

/** What a maintainer needs to see: versions, state, the shape of the settings. No key, hash, address, name or path of the person's. */
export function diagnostics(status: GatewayStatus, settings: Settings, keychain: { state: string }): Record<string, unknown> {
  const { person: _person, baseUrl: _baseUrl, ...plain } = status;
  return {
    madeAt: new Date().toISOString(),
    status: plain,
    keychain: keychain.state,
    system: { platform: process.platform, arch: process.arch, node: process.versions.node, electron: process.versions.electron ?? null },
    memory: process.memoryUsage(),
    uptimeSeconds: Math.round(process.uptime()),
    settings: {
      version: settings.version,
      listen: {
        loopback: settings.listen.host.startsWith('127.') || settings.listen.host === '::1',
        tls: settings.listen.tls !== undefined,
      },
      limits: settings.limits,
      connections: settings.connections.map((c) => ({
        dialect: c.dialect,
        credential: c.credential.split(':')[0],
        passthrough: c.passthrough?.length ?? 0,
        demo: c.demo === true,
      })),
      agents: settings.agents.length,
      issuers: settings.issuers.map((i) => ({ algorithms: i.algorithms, signIn: i.signIn !== undefined })),
      policy: { preset: settings.policy.preset, files: settings.policy.files.length, managed: settings.policy.managed !== undefined },
      approvals: settings.approvals,
      ledger: {
        segmentBytes: settings.ledger.segmentBytes,
        retention: { ...settings.ledger.retention, agents: Object.keys(settings.ledger.retention.agents ?? {}).length },
        heads: Object.keys(settings.ledger.heads),
        otlp: settings.ledger.otlp !== undefined,
      },
      detection: {
        names: settings.detection.names,
        custom: settings.detection.custom.length,
        denyWords: settings.detection.denyWords.length,
      },
      budgets: settings.budgets.length,
    },
  };
}
