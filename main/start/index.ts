/** What has to be true before anything is opened, and what is said once. */
export { beforeAnything, type Circumstances } from './circumstances.js';
export { sayOnce } from './once.js';
