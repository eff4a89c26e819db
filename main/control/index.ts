/** Main's link to the control API. */
export { ControlLink } from './link.js';
