/** All texts of the console, in one place, ready for translation: one file per language, the same keys. */
import { en } from './en.js';

export type Strings = typeof en;
export const t: Strings = en;
