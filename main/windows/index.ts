/** Windows of the desktop app. Approvals are shown in the console window, at their own address. */
export { ConsoleWindow } from './console.js';
export { keepDownloads } from './downloads.js';
export { downloadsFolder } from './free-name.js';
