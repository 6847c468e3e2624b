/** What the build puts in: the wasm as text, and as the compiled module that Workers make of a file. */
declare module "*/bytes.js" {
  const base64: string;
  export default base64;
}

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
