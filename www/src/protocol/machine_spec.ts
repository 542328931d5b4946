import type { ProgramSymbols } from "../../../web/src/x86/inspect";

/** A file of the host as the browser hands it over: opaque here, read in the worker. */
export interface LocalFile {
  readonly name: string;
  readonly size: number;
}

/** Where the bytes of an image come from. */
export type ImageSource =
  | { readonly kind: "file"; readonly file: LocalFile }
  /** `url` tells where the bytes came from, if they can be had there again. */
  | {
      readonly kind: "bytes";
      readonly name: string;
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly url?: string;
    }
  /** `whole` loads everything at start; otherwise pages come by Range requests when the guest reads them. */
  | { readonly kind: "url"; readonly url: string; readonly whole: boolean };

export type DriveName = "fda" | "fdb" | "hda" | "hdb" | "cdrom";

export const DRIVE_NAMES: readonly DriveName[] = ["fda", "fdb", "hda", "hdb", "cdrom"];

/** What a machine is made of, and its name in the page. */
export interface MachineSpec {
  readonly title: string;
  /** Guest RAM in MiB, 1 to 2048. */
  readonly memoryMb: number;
  readonly bios: ImageSource;
  readonly vgaBios: ImageSource;
  readonly drives: Readonly<Partial<Record<DriveName, ImageSource>>>;
  readonly kernel?: { readonly image: ImageSource; readonly initrd?: ImageSource; readonly append: string };
  /** Letters a (floppy), c (disk), d (CD-ROM). */
  readonly bootOrder: string;
  /** Whether a triple fault resets the machine instead of stopping it. */
  readonly resetOnShutdown: boolean;
  /** Instructions until this machine has booted, where that is known: for a progress bar. */
  readonly bootInstructions?: number;
  /** What the real-time clock shows at power-on, seconds since 1970. */
  readonly rtcUnixSeconds: number;
  /** Names and lines of the program it boots, where the page assembled that. */
  readonly symbols?: ProgramSymbols;
}
