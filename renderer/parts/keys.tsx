import { useEffect, useRef } from 'preact/hooks';
import { go } from '../router.js';
import { t } from '../strings/index.js';

/** Keys of the whole console. Nothing happens while a person types into a field. */
export function useKeys(keys: Record<string, (event: KeyboardEvent) => void>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement | null;
      if (isTyping(target) || event.ctrlKey || event.metaKey || event.altKey) return;
      // Enter and space belong to whatever has the focus.
      if ((event.key === 'Enter' || event.key === ' ') && target?.closest('a[href], button, summary, input, [role="tab"]')) return;
      if (document.querySelector('dialog[open]') && event.key !== 'Escape') return;
      const run = latest.current[event.key];
      if (!run) return;
      event.preventDefault();
      run(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** Text goes into it: letters are no keys there. Check boxes and sliders take none. */
function isTyping(target: HTMLElement | null): boolean {
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'range', 'button', 'file'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

const SHOWN: [string, string][] = [
  ['?', t.keys.help],
  ['/', t.keys.search],
  ['j / k', `${t.keys.next} / ${t.keys.previous}`],
  ['Enter', t.keys.open],
  ['Esc', t.keys.back],
  ['1', t.keys.go(t.nav.history)],
  ['2', t.keys.go(t.nav.approvals)],
  ['3', t.keys.go(t.nav.connections)],
  ['4', t.keys.go(t.nav.agents)],
  ['5', t.keys.go(t.nav.policies)],
  ['6', t.keys.go(t.nav.proof)],
  ['7', t.keys.go(t.nav.settings)],
  [t.keys.space, t.keys.play],
  ['← / →', t.keys.step],
  ['n', t.keys.nextDecision],
];

/** The list of keys; `?` opens it. Also owns the number keys that go to the screens. */
export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useKeys(
    Object.fromEntries(
      ['sessions', 'approvals', 'connections', 'agents', 'policies', 'proof', 'settings'].map((screen, i) => [
        String(i + 1),
        () => go(`/${screen}`),
      ]),
    ),
  );
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="keys-title">
      <div class="body">
        <div class="row between">
          <h2 id="keys-title">{t.keys.title}</h2>
          <button type="button" class="quiet" onClick={onClose}>
            {t.common.close}
          </button>
        </div>
        <table class="table">
          <tbody>
            {SHOWN.map(([key, what]) => (
              <tr key={key}>
                <td>
                  <kbd>{key}</kbd>
                </td>
                <td>{what}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </dialog>
  );
}
