// Nothing but where to begin: webpack finds the WebAssembly by itself.
export default { mode: 'production', entry: './page.js', output: { filename: 'page.js' }, performance: { hints: false } };
