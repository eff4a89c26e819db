import { createDetector } from '../detect/index.js';
import type { Detector } from '../detect/types.js';
import type { SettingsStore } from '../settings/index.js';

/** So long an exchange may still use the detector that it began with. */
const OUTLIVED_MS = 60_000;

/** The detector as the settings say; a change of theirs makes another. `workers`: threads for long scans. */
export function followDetection(settings: SettingsStore, workers: number): { current(): Detector; close(): Promise<void> } {
  const asked = (): string => JSON.stringify([settings.get().detection, settings.get().limits.scanBytes]);
  const make = (): Detector => {
    const { detection, limits } = settings.get();
    return createDetector({ ...detection, maxScan: limits.scanBytes, workers });
  };
  let detector = make();
  let made = asked();
  settings.onChange(() => {
    if (asked() === made) return;
    made = asked();
    const old = detector;
    detector = make();
    setTimeout(() => void old.close(), OUTLIVED_MS).unref();
  });
  return { current: () => detector, close: () => detector.close() };
}
