// Which kernel modules a module needs, read from the `.modinfo` of the files themselves: packages carry no modules.dep.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** All modules below a folder: name as the kernel spells it (with `_`) to path. */
function catalogue(folder) {
  const found = new Map();
  for (const file of readdirSync(folder, { recursive: true })) {
    if (file.endsWith(".ko")) found.set(moduleName(path.basename(file, ".ko")), path.join(folder, file));
  }
  return found;
}

const moduleName = (name) => name.replaceAll("-", "_");

/** The values of a `key=value` entry in a module's .modinfo section (strings ended by NUL). */
function modinfo(bytes, key) {
  const text = bytes.toString("latin1");
  return [...text.matchAll(new RegExp(`\\0${key}=([^\\0]*)\\0`, "g"))].map((match) => match[1]);
}

function needs(bytes) {
  const hard = modinfo(bytes, "depends").flatMap((list) => list.split(",").filter(Boolean));
  const soft = modinfo(bytes, "softdep")
    .filter((rule) => rule.startsWith("pre: "))
    .flatMap((rule) => rule.slice(5).trim().split(/\s+/));
  return [...hard, ...soft.map((alias) => ALIASES[alias] ?? alias)].map(moduleName);
}

// Soft dependencies name aliases; these are the plain C versions of what ext4 and sd_mod ask for.
const ALIASES = { "crypto-crc32c": "crc32c_generic", crct10dif: "crct10dif_common" };

/**
 * The wanted modules and all that they need, in an order in which insmod succeeds: [{ name, file }].
 * A name that is nowhere is built into the kernel, or the wanted list is wrong: then it throws.
 */
export function loadOrder(folder, wanted) {
  const modules = catalogue(folder);
  const order = new Map();
  const visit = (name, required) => {
    if (order.has(name)) return;
    const file = modules.get(name);
    if (!file) {
      if (required) throw new Error(`no kernel module ${name} below ${folder}`);
      return;
    }
    for (const needed of needs(readFileSync(file))) visit(needed, false);
    order.set(name, { name, file });
  };
  for (const name of wanted) visit(moduleName(name), true);
  return [...order.values()];
}
