import type { KeychainState } from './keychain-state.js';

const ELSEWHERE = 'Or keep the key out of here: use env:NAME or file:/PATH as the credential. It is not written to disk in clear.';

/** What a person should do about a keychain in this state; undefined when nothing. */
export function keychainAdvice(state: KeychainState, platform: NodeJS.Platform = process.platform): string | undefined {
  switch (state) {
    case 'unlocked':
      return undefined;
    case 'locked':
      return `The keychain is locked. Unlock it (log in to the desktop, or open "Passwords and Keys") and try again. ${ELSEWHERE}`;
    case 'no-collection':
      return `The keychain has no default collection. Create one named "Login" in "Passwords and Keys" (package seahorse), or log in to the desktop once. ${ELSEWHERE}`;
    case 'absent':
      return platform === 'linux'
        ? `There is no keychain in this session. Install one: Debian and Ubuntu "apt install gnome-keyring libsecret-1-0 dbus-user-session", Fedora "dnf install gnome-keyring", KDE "kwalletmanager"; then log in again. ${ELSEWHERE}`
        : `There is no keychain in this session. ${ELSEWHERE}`;
    case 'unsupported':
      return `This system has no keychain that is known here. ${ELSEWHERE}`;
    case 'error':
      return `The keychain does not answer. Is the D-Bus session of this login running? ${ELSEWHERE}`;
  }
}
