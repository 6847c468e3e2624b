/** What the build puts in: the wasm as deflated base64, and as the compiled module that Workers make of a file. */
declare module "#deflated" {
  const text: string;
  export default text;
}

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
