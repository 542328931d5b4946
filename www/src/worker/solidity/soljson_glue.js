// Stands behind the compiler in the worker that the compiler runs in: takes what it is asked as JSON, gives what it says.
/* global Module */
(() => {
  const compile = Module.cwrap("solidity_compile", "string", ["string", "number", "number"]);
  const version = Module.cwrap("solidity_version", "string", []);
  const forget = Module.cwrap("solidity_reset", null, []);
  self.onmessage = ({ data }) => {
    // No function that would load what is imported: 0.
    const output = compile(data, 0, 0);
    forget();
    self.postMessage({ version: version(), output });
  };
})();
