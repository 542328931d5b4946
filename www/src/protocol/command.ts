import type { Answers, Query } from "./inspection";
import type { Arrival } from "./links";
import type { DriveName, ImageSource, MachineSpec } from "./machine_spec";
import type { MovingCommand } from "./moving";
import type { StepKind } from "./stops";
import type { PastCommand } from "./timeline";

/** What the page asks of the worker that owns its machine. */
export type Command =
  | {
      readonly type: "boot";
      readonly spec: MachineSpec;
      readonly paused: boolean;
      /** The address of the page's root, under which guests and firmware lie. */
      readonly site: string;
      /** The saved moment to open in it; it rests there. */
      readonly moment?: string;
      /** Bytes that the record of the machine may take, to go back through it; 0 records nothing. */
      readonly record?: number;
      /** False: nothing of it is stored without being asked. */
      readonly unasked: boolean;
      /** It goes there before it takes the place of the machine there is. */
      readonly arrival?: Arrival;
    }
  /** The machine that is on its way is not wanted any more. */
  | { readonly type: "endBoot" }
  | { readonly type: "run" }
  | { readonly type: "pause" }
  | { readonly type: "step"; readonly count: number }
  /** Goes on until the step is done or a stop is met; `to` has an address, as a stop's `at`. */
  | { readonly type: "stepBy"; readonly kind: StepKind; readonly to: string }
  | PastCommand
  | MovingCommand
  | { readonly type: "reset" }
  | { readonly type: "powerOff" }
  /** Keeps the machine as it is: the tab may end. */
  | { readonly type: "keepMoment" }
  | { readonly type: "key"; readonly code: number; readonly pressed: boolean }
  | { readonly type: "typeText"; readonly text: string }
  | {
      readonly type: "mouse";
      readonly dx: number;
      readonly dy: number;
      readonly wheel: number;
      readonly buttons: number;
    }
  | { readonly type: "serialInput"; readonly port: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "insert"; readonly drive: DriveName; readonly source: ImageSource }
  | { readonly type: "eject"; readonly drive: DriveName }
  /** The last picture was shown: its buffer may be used again, and the next picture may come. */
  | { readonly type: "frameShown"; readonly buffer: ArrayBuffer }
  | { readonly type: "query"; readonly id: number; readonly query: Query }
  /** Tries again what failed: the block a machine waits for. */
  | { readonly type: "retry" }
  | { readonly type: "ping" };

export type { Answers, Query };
