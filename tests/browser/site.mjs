// Serves www/dist as a plain static host would: under some base path, with the content policy as a header and nothing
// else special, with or without Range requests.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";

const DIST = resolve(import.meta.dirname, "../../www/dist");
const BASE = "/some/course/glassbox/";

const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data: blob:; worker-src 'self' blob:; connect-src 'self' https: wss:";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** The file of a request inside `folder`, or undefined. */
function fileOf(folder, path) {
  const file = normalize(join(folder, decodeURIComponent(path)));
  if (!file.startsWith(folder + sep) && file !== folder) return undefined;
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return fileOf(folder, join(path, "index.html"));
  return stat ? { file, size: stat.size } : undefined;
}

function rangeOf(header, size) {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined || Number(first) >= size) return undefined;
  return { start: Number(first), end: Math.min(last ? Number(last) : size - 1, size - 1) };
}

function answer(request, response, ranges) {
  const { pathname } = new URL(request.url, "http://localhost");
  const found = pathname.startsWith(BASE) ? fileOf(DIST, pathname.slice(BASE.length)) : undefined;
  if (!found) {
    response.writeHead(404).end();
    return;
  }
  const headers = {
    "Content-Type": TYPES[extname(found.file)] ?? "application/octet-stream",
    "Content-Security-Policy": POLICY,
  };
  const range = ranges ? rangeOf(request.headers.range, found.size) : undefined;
  if (range) {
    headers["Content-Range"] = `bytes ${range.start}-${range.end}/${found.size}`;
    headers["Content-Length"] = range.end - range.start + 1;
    response.writeHead(206, headers);
  } else {
    headers["Content-Length"] = found.size;
    response.writeHead(200, headers);
  }
  createReadStream(found.file, range).pipe(response);
}

/**
 * Starts a server for the built page.
 * @param {{ranges?: boolean}} [options]
 */
export async function serve({ ranges = true } = {}) {
  const server = createServer((request, response) => answer(request, response, ranges));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  return { url: `http://127.0.0.1:${port}${BASE}`, close: () => server.close() };
}
