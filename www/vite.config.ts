import { defineConfig } from "vite";

/** The policy under which the page must work from any static host; index.html carries it too. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self' https: wss:",
].join("; ");

export default defineConfig({
  base: "./",
  // Firmware and guests, put there by scripts/gallery.mjs.
  publicDir: "../.cache/public",
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 1024 },
  worker: { format: "es" },
  preview: { headers: { "Content-Security-Policy": POLICY } },
  server: { fs: { allow: [".."] } },
});
