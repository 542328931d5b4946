// Installs the npm packages of the lock file when they are not there or older than it.
import { existsSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { WWW } from "./paths.mjs";
import { run } from "./steps.mjs";

export async function installPackages() {
  const lock = join(WWW, "package-lock.json");
  const installed = join(WWW, "node_modules/.package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return "up to date";
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  await run(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: WWW });
  const now = new Date();
  utimesSync(installed, now, now);
  return "installed";
}
