// How every store's code is bundled, for the pages and for the sizes.
export const kBundling = {
  bundle: true, minify: true, format: 'esm', target: 'es2022', platform: 'browser', logLevel: 'error',
  define: { 'process.env.NODE_ENV': '"production"', 'global': 'globalThis' },
};
