/** Native notifications: what they say, which stand, and how each desktop shows them. */
export { type CenterActions, NotificationCenter, type Notifier, type Shown } from './center.js';
export { escapeMarkup, linuxNotifier } from './linux.js';
export { nativeNotifier } from './native.js';
export { approvalText, burstText, type NotificationText } from './text.js';
