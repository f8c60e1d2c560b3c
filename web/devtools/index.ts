// codeforge-core/devtools: the core in the panel of the Redux DevTools extension.
export { connectDevTools, type DevToolsOptions } from './connect.js';
export type { DevToolsConnection, DevToolsExtension, DevToolsMessage } from './extension.js';
