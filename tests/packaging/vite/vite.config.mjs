// Vite's defaults.
export default { logLevel: 'warn' };
