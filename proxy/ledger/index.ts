/** The ledger: everything that passes is written here before it is released, chained, signed, encrypted, and found again. */
export { type ExportRequest, exportSessions, type LedgerExportFormat } from './export/index.js';
export { OtlpExporter, type OtlpState, type OtlpTarget, otlpHeaders } from './export/otlp-live.js';
export { readBundle, verifyBundle, verifyBundleText } from './export/verify-bundle.js';
export { type FilePort, type LedgerFile, realFiles } from './file-port.js';
export { type ForgetOptions, forgetSession } from './forget.js';
export { type HeadCopies, headCopies } from './heads.js';
export { lockLedger } from './lock.js';
export { type LedgerOptions, openLedger } from './open.js';
export { createOriginals } from './originals.js';
export { ledgerPaths } from './paths.js';
export { openReader } from './reader.js';
export { type ReplayOptions, type ReplayStep, replayEvents, seek } from './replay.js';
export { applyRetention, type RetentionPlan, type RetentionPolicy } from './retention.js';
export { openScanReader } from './scan-reader.js';
export type * from './types.js';
export { verifyLedger } from './verify.js';
export { verifyAside } from './verify-aside.js';
export type * from './verify-types.js';
