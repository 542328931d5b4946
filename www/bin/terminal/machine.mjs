// Makes the machine that the command line describes.
import { UserError } from "../../src/host/user_error.mjs";
import { hashOf, isAddress, openImage, readFirmware, readWhole } from "./files.mjs";

/** The clock of runs that have to repeat exactly: 2000-01-01. */
const FIXED_CLOCK = 946684800;

/** @typedef {import('./arguments.mjs').RunOptions} RunOptions */
/** @typedef {import('./engine.mjs').Engine} Engine */
/** @typedef {import('../../src/host/range_reader.mjs').RangeReader} RangeReader */

/**
 * @param {RunOptions} options
 * @param {number | null} recorded what the clock said when a recording began
 */
function clock(options, recorded) {
  if (recorded !== null) return recorded;
  const given = Number(process.env.SOURCE_DATE_EPOCH || Number.NaN);
  if (Number.isInteger(given)) return given;
  return options.stateHash ? FIXED_CLOCK : Math.floor(Date.now() / 1000);
}

/**
 * Powers a machine on.
 * @param {Engine} engine
 * @param {RunOptions} options
 * @param {number | null} rtc what the clock says, if it was recorded
 */
export async function powerOn(engine, options, rtc = null) {
  const config = new engine.PcConfig();
  config.setRamBytes(options.memoryBytes);
  config.setBootOrder(options.bootOrder);
  config.setRtc(BigInt(clock(options, rtc)));
  if (options.rom) config.setRom(options.rom.address, readWhole(options.rom.file));
  else config.setBios(readFirmware("bios", options.bios));
  if (!options.rom || options.vgabios) config.setVgaBios(readFirmware("vgabios", options.vgabios));
  if (options.kernel) {
    const initrd = options.initrd ? readWhole(options.initrd) : new Uint8Array();
    config.setKernel(readWhole(options.kernel), initrd, options.append);
  }
  if (options.exitPort !== null) config.setExitPort(options.exitPort);
  if (options.capture) config.setCapturePort(options.capture.port);
  const readers = await attachDrives(config, options);
  const pc = new engine.Pc(config);
  if (options.open ?? options.save ?? options.record ?? options.replay) nameImages(pc, options);
  if (options.open !== null) openSnapshot(pc, options.open);
  return { pc, readers };
}

/**
 * Tells the machine which images it has, so that a snapshot opens over no others. Those at addresses are known by their
 * sizes alone.
 * @param {InstanceType<Engine['Pc']>} pc
 * @param {RunOptions} options
 */
function nameImages(pc, options) {
  for (const [drive, name] of Object.entries(options.drives)) {
    if (!isAddress(name)) pc.setImageHash(drive, hashOf(name));
  }
}

/**
 * @param {InstanceType<Engine['Pc']>} pc
 * @param {string} file
 */
function openSnapshot(pc, file) {
  const bytes = readWhole(file);
  try {
    pc.open([bytes]);
  } catch (error) {
    throw new UserError(`--open: ${file}: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * @param {InstanceType<Engine['PcConfig']>} config
 * @param {RunOptions} options
 */
async function attachDrives(config, options) {
  /** @type {Map<string, RangeReader>} */
  const readers = new Map();
  for (const [drive, name] of Object.entries(options.drives)) {
    const image = await openImage(/** @type {import('../../src/host/images.mjs').Drive} */ (drive), name);
    const readOnly = drive === "cdrom";
    if (image.kind === "local") config.attachCallback(drive, image.read, image.size, readOnly);
    else {
      config.attachRemote(drive, image.size, readOnly);
      readers.set(drive, image.reader);
    }
  }
  return readers;
}
