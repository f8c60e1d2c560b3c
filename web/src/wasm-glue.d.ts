// The package's `imports` field maps this to the glue for Node or for the web.
declare module '#wasm-glue' {
  export default function createModule(options?: import('./core-module.js').GlueOptions): Promise<import('./core-module.js').CoreModule>;
}
