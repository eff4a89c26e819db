import { useState } from 'preact/hooks';
import { t } from '../strings/index.js';

/** Copies a text and says so. */
export function Copy({ text, label = t.common.copy, name }: { text: string; label?: string; name?: string }) {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid(t.common.copied);
    } catch {
      setSaid(t.common.notCopied);
    }
    setTimeout(() => setSaid(''), 2_000);
  };
  return (
    <button type="button" class="copy" aria-label={name ? `${label}: ${name}` : undefined} onClick={() => void copy()}>
      {said || label}
      <span class="visually-hidden" role="status">
        {said}
      </span>
    </button>
  );
}

/** Saves a text or file under a name, by the browser's own way. */
export function save(filename: string, content: Blob | string, type = 'application/json'): void {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
