// A cpio archive in the "newc" format (as the kernel's initramfs wants it), the same bytes for the same files.
// Format: the kernel's Documentation/driver-api/early-userspace/buffer-format.rst.

const TYPE = { directory: 0o040000, file: 0o100000, link: 0o120000, character: 0o020000 };

/** Collects entries; `bytes()` gives the archive. Owner is root and every time is the epoch. */
export class Cpio {
  #entries = new Map();

  /** Adds a directory and those above it. */
  directory(name) {
    const above = name.slice(0, Math.max(name.lastIndexOf("/"), 0));
    if (above) this.directory(above);
    this.#entries.set(name, { type: TYPE.directory, mode: 0o755, data: Buffer.alloc(0) });
  }

  #add(name, entry) {
    const above = name.slice(0, Math.max(name.lastIndexOf("/"), 0));
    if (above) this.directory(above);
    this.#entries.set(name, entry);
  }

  file(name, data, mode = 0o644) {
    this.#add(name, { type: TYPE.file, mode, data: Buffer.from(data) });
  }

  link(name, target) {
    this.#add(name, { type: TYPE.link, mode: 0o777, data: Buffer.from(target) });
  }

  /** A character device; needed for /dev/console, which the kernel opens before /init can mount anything. */
  character(name, major, minor, mode = 0o600) {
    this.#add(name, { type: TYPE.character, mode, data: Buffer.alloc(0), major, minor });
  }

  bytes() {
    const parts = [];
    let inode = 1;
    for (const [name, entry] of [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      parts.push(...record(name, { ...entry, inode }));
      inode += 1;
    }
    parts.push(...record("TRAILER!!!", { type: 0, mode: 0, data: Buffer.alloc(0), inode: 0 }));
    return Buffer.concat(parts);
  }
}

function record(name, { type, mode, data, inode, major = 0, minor = 0 }) {
  const links = type === TYPE.directory ? 2 : 1;
  const fields = [inode, type | mode, 0, 0, links, 0, data.length, 0, 0, major, minor, name.length + 1, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`;
  return [padded(Buffer.from(`${header}${name}\0`, "latin1")), padded(data)];
}

/** Header with name, and data, each end on a multiple of 4 bytes. */
function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
