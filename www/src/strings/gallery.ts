import type { Role } from "../client/drop_roles";

/** What the form asks files for. */
type FileRole = Role | "vgaBios";

const FILES: Readonly<Record<FileRole, string>> = {
  fda: "Floppy",
  hda: "Hard disk",
  cdrom: "CD-ROM",
  kernel: "Kernel (bzImage or Multiboot)",
  initrd: "Initial RAM disk",
  fdb: "Second floppy",
  hdb: "Second hard disk",
  bios: "BIOS",
  vgaBios: "VGA BIOS",
};

/** The words of the list of machines, and of the form for one's own. */
export const GALLERY = {
  title: "Pick a machine",
  looking: "Looking for guests…",
  none: "No guests came with this page: they are made at set-up. Your own images work all the same.",
  parts: { fda: "floppy", hda: "disk", cdrom: "CD", kernel: "kernel" },
  megabytes: (count: number) => `${count} MB`,
  unreachable: (title: string) => `${title}: its files cannot be loaded; check the connection`,
  form: {
    title: "Or build your own",
    hint: "Choose files, or drop them anywhere on the page. Nothing leaves this computer.",
    files: FILES,
    memory: "Memory (MB)",
    memoryName: "Memory",
    bootFrom: "Boot from",
    orders: { acd: "floppy, disk, CD", cda: "disk, CD, floppy", dca: "CD, disk, floppy" },
    append: "Kernel command line",
    more: "More: images from the web, second drives, firmware",
    hdaUrl: "Hard disk address",
    cdromUrl: "CD-ROM address",
    urlNeeds: (title: string) => `${title} (needs Range requests and CORS)`,
    resetOnShutdown: "Reset on a triple fault instead of stopping",
    choose: "Choose a file…",
    chooseAgain: (name: string) => `Choose ${name} again…`,
    remove: (name: string) => `Remove ${name}`,
    boot: "Boot",
    save: "Save",
    saveHint: "Keeps these settings and the names of the images in this browser, not the images themselves",
    saved: (name: string) => `Saved as “${name}”: you find it in the gallery.`,
    filesMissing: (names: string) => `The settings are back. Images are not kept: choose ${names} again, then boot.`,
    ownMachine: "Own machine",
  },
} as const;
