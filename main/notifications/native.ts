import { Notification } from 'electron';
import type { Notifier } from './center.js';

/** macOS and Windows: Electron's own. Buttons need a signed app on macOS and an installed one on Windows; the body click always opens. */
export function nativeNotifier(): Notifier {
  return {
    close: () => {},
    show(text, on) {
      if (!Notification.isSupported()) return Promise.reject(new Error('This desktop shows no notifications.'));
      const actions = [
        { type: 'button' as const, text: 'Deny' },
        ...(text.canApprove ? [{ type: 'button' as const, text: 'Approve once' }] : []),
      ];
      const notification = new Notification({
        title: text.title,
        body: text.body,
        silent: false,
        timeoutType: 'never',
        urgency: 'critical',
        actions,
      });
      notification.on('click', () => on.open());
      // Newer majors hand over a details object, older ones (event, index).
      notification.on('action', (event: unknown, index?: number) => {
        const pressed = index ?? (event as { actionIndex?: number }).actionIndex;
        if (pressed === 0) on.deny();
        else if (pressed === 1) on.approve();
      });
      notification.show();
      return Promise.resolve({ close: () => notification.close() });
    },
  };
}
