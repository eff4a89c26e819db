/** The tray: a pure model of what it shows, and the one that draws it. */
export { trayHostPresent } from './host.js';
export { approvalLine, type TrayCommand, type TrayFacts, type TrayItem, type TrayModel, trayModel } from './model.js';
export { TrayIconView } from './tray.js';
