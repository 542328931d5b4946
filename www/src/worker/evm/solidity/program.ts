import type { EvmProject, Placement } from "../../../protocol/evm/request";
import type { Compilation, CompiledCode, CompiledContract, CompiledFile } from "../../../protocol/evm/solidity";
import { SOURCES } from "../../../strings/worker/sources";
import { Places } from "../../solidity/places";
import { parseSignature } from "../abi";

/** Code that was recognised: whose it is, and which of the contract's two codes. */
export interface Found {
  readonly contract: CompiledContract;
  readonly code: CompiledCode;
  readonly creation: boolean;
}

/** A contract of the program that is in the world from the start. */
export interface Placed extends Placement {
  /** Hexadecimal, without 0x. */
  readonly code: string;
}

const zeros = (digits: number): string => "0".repeat(digits);

/** The same digits with zeros in some places. */
function masked(code: string, holes: CompiledCode["holes"]): string {
  let result = code;
  for (const { start, length } of holes)
    result = result.slice(0, 2 * start) + zeros(2 * length) + result.slice(2 * (start + length));
  return result;
}

/** A library's code begins with its own address: it is not for plain calls. */
const SELF = { start: 1, length: 20, library: null };

/** A compiled program, as its code is put into the world and found again there. */
export class Program {
  private readonly places = new Map<number, Places>();
  private readonly files: ReadonlyMap<number, CompiledFile>;

  constructor(readonly compilation: Compilation) {
    this.files = new Map(compilation.files.map((file) => [file.id, file]));
  }

  /** Signatures of all that the contracts declare. */
  get abi(): readonly string[] {
    const all = this.compilation.contracts.flatMap(({ abi }) => abi.map(({ signature }) => signature));
    return [...new Set(all)].filter((signature) => signature !== "" && isReadable(signature));
  }

  /** A file by the compiler's number; nothing for what the compiler wrote itself. */
  file(id: number): CompiledFile | undefined {
    return this.files.get(id);
  }

  /** Lines and columns of a file. */
  placesOf(id: number): Places | undefined {
    const file = this.files.get(id);
    if (!file) return undefined;
    const known = this.places.get(id) ?? new Places(file.name, file.text);
    this.places.set(id, known);
    return known;
  }

  /** A contract by `Name` or `File.sol:Name`. */
  contract(name: string, file?: string): CompiledContract | undefined {
    const { contracts } = this.compilation;
    return contracts.find(
      (one) => one.name === name || (one.contract === name && (file === undefined || one.file === file)),
    );
  }

  /**
   * All contracts that the project puts into the world, linked.
   * @throws if there is no such contract, or it is abstract
   */
  placed(project: EvmProject): readonly Placed[] {
    const placements = project.sources
      .filter(({ language }) => language === "solidity")
      .flatMap(({ name, address, balance, storage, contract, also = [] }) => {
        const first =
          address === undefined ? [] : [{ contract: contract ?? this.last(name), address, balance, storage }];
        return [...first, ...also].map((placement) => ({ file: name, ...placement }));
      });
    const addressOf = (library: string): string => {
      const found = placements.find(({ contract, file }) => this.contract(contract, file)?.name === library);
      if (!found) throw new Error(SOURCES.notPlaced(library));
      return found.address;
    };
    return placements.map(({ file, contract, address, balance, storage }) => {
      const found = this.usable(contract, file);
      let code = this.linked(found.deployed, addressOf);
      if (found.kind === "library") code = `73${digitsOf(address)}${code.slice(42)}`;
      return { contract: found.name, address, code, ...(balance ? { balance } : {}), ...(storage ? { storage } : {}) };
    });
  }

  /** Creation code of a contract, linked to libraries at the addresses that the project gives them. */
  creation(name: string, project: EvmProject): { readonly contract: CompiledContract; readonly code: string } {
    const contract = this.usable(name);
    const placed = contract.creation.holes.length === 0 ? [] : this.placed(project);
    const addressOf = (library: string): string => {
      const found = placed.find((one) => one.contract === library);
      if (!found) throw new Error(SOURCES.notPlaced(library));
      return found.address;
    };
    return { contract, code: this.linked(contract.creation, addressOf) };
  }

  private linked({ code, holes }: CompiledCode, addressOf: (library: string) => string): string {
    let result = code;
    for (const { start, length, library } of holes)
      if (library)
        result = result.slice(0, 2 * start) + digitsOf(addressOf(library)) + result.slice(2 * (start + length));
    return result;
  }

  private usable(name: string, file?: string): CompiledContract {
    const found = this.contract(name, file);
    if (!found) throw new Error(SOURCES.noContract(name, file));
    if (found.abstract) throw new Error(SOURCES.abstract(found.contract));
    return found;
  }

  /** The last contract of a file that can be put into the world, in the order of the text. */
  private last(file: string): string {
    const text = this.compilation.files.find(({ name }) => name === file)?.text ?? "";
    const place = ({ contract }: CompiledContract) =>
      text.search(new RegExp(`\\b(contract|library)\\s+${contract}\\b`));
    const usable = this.compilation.contracts.filter((one) => one.file === file && !one.abstract);
    const ordered = [...usable].sort((one, other) => place(one) - place(other));
    const found = ordered.findLast(({ kind }) => kind === "contract") ?? ordered.at(-1);
    if (!found) throw new Error(SOURCES.noContractIn(file));
    return found.contract;
  }

  /** Whose code this is: hexadecimal digits. */
  find(digits: string): Found | null {
    for (const contract of this.compilation.contracts) {
      const { deployed } = contract;
      if (deployed.code !== "" && digits.length === deployed.code.length) {
        const holes = contract.kind === "library" ? [...deployed.holes, SELF] : deployed.holes;
        if (masked(digits, holes) === masked(deployed.code, holes))
          return { contract, code: deployed, creation: false };
      }
    }
    // Creation code is followed by what the constructor is given. One contract's may begin another's: the longest counts.
    const created = this.compilation.contracts.filter(({ creation: { code, holes } }) => {
      if (code === "" || digits.length < code.length) return false;
      return masked(digits.slice(0, code.length), holes) === masked(code, holes);
    });
    const longest = created.sort((one, other) => other.creation.code.length - one.creation.code.length)[0];
    return longest ? { contract: longest, code: longest.creation, creation: true } : null;
  }
}

/** A library's functions may take what the ABI has no types for: they are passed over. */
function isReadable(signature: string): boolean {
  try {
    return parseSignature(signature) !== null;
  } catch {
    return false;
  }
}

/** Forty digits of an address. */
function digitsOf(address: string): string {
  return address.replace(/^0x/i, "").toLowerCase().padStart(40, "0");
}
