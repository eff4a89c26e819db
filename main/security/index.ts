/** What keeps a hostile text from becoming more than text. */
export { CONSOLE_ORIGIN, CONTENT_SECURITY_POLICY, enableSandbox, guardContents, guardSession, isOurs, WEB_PREFERENCES } from './guards.js';
export { checkExternal, openExternal } from './open-external.js';
