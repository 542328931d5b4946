import type { SoliditySettings } from "./solidity";

/** An account before the first transaction; all optional, numbers decimal or with 0x. */
export interface AccountSpec {
  readonly balance?: string | number;
  readonly nonce?: string | number;
  readonly code?: string;
  readonly storage?: Readonly<Record<string, string>>;
}

/** EIP-7702: an account's word that it takes another's code; signed already, or with the key to sign it. */
export interface AuthorizationSpec {
  readonly chainId?: string | number;
  readonly address: string;
  readonly nonce?: string | number;
  readonly secretKey?: string;
  readonly yParity?: string;
  readonly r?: string;
  readonly s?: string;
}

export interface AccessListSpec {
  readonly address: string;
  readonly storageKeys?: readonly string[];
}

/** A transaction; what is left out is filled in by the engine: nonce, gas, prices, chain, sender. */
export interface TransactionSpec {
  readonly type?: string | number;
  readonly from?: string;
  readonly secretKey?: string;
  /** Absent to create a contract. */
  readonly to?: string;
  readonly value?: string | number;
  /**
   * Hexadecimal; or `@name`: the code of that source. Of Solidity the name is a contract's (`@Counter`, or
   * `@File.sol:Counter` where two files have one) and the data its creation code.
   */
  readonly data?: string;
  /** With `@Counter` as data: what its constructor is given, arrays and structures as JSON. */
  readonly constructorValues?: readonly string[];
  /** Instead of data: a function and its arguments, arrays as JSON. */
  readonly call?: { readonly signature: string; readonly values: readonly string[] };
  readonly gas?: string | number;
  readonly nonce?: string | number;
  readonly gasPrice?: string | number;
  readonly maxFeePerGas?: string | number;
  readonly maxPriorityFeePerGas?: string | number;
  readonly maxFeePerBlobGas?: string | number;
  readonly blobVersionedHashes?: readonly string[];
  readonly accessList?: readonly AccessListSpec[];
  readonly authorizationList?: readonly AuthorizationSpec[];
}

export interface BlockSpec {
  readonly number?: string | number;
  readonly timestamp?: string | number;
  readonly coinbase?: string;
  readonly gasLimit?: string | number;
  readonly baseFee?: string | number;
  readonly difficulty?: string | number;
  readonly prevRandao?: string;
  readonly excessBlobGas?: string | number;
}

/** Everything that a run is a function of. */
export interface EvmRequest {
  readonly fork?: string;
  /** Name of a preset, or a chain file's text. */
  readonly chain?: string;
  readonly chainId?: number;
  readonly block?: BlockSpec;
  /** Accounts by address, or the text of a genesis file. */
  readonly prestate?: Readonly<Record<string, AccountSpec>> | string;
  readonly transactions?: readonly TransactionSpec[];
  /** In short: code, run by one transaction. */
  readonly code?: string;
  readonly input?: string;
  readonly value?: string;
  readonly gas?: number;
}

/** A contract whose source is shown beside its code. */
export interface SourceSpec {
  /** Where it is put; nothing for init code, which a transaction has as its data. Of Solidity see {@link Placement}. */
  readonly address?: string;
  /** Of Solidity: the file's name, by which other files import it. */
  readonly name: string;
  /** In which language; absent: the assembler's. */
  readonly language?: "assembler" | "solidity";
  readonly text: string;
  readonly balance?: string;
  readonly storage?: Readonly<Record<string, string>>;
  /** Of Solidity: the contract in this file that is put at `address`; absent: the last one that can be. */
  readonly contract?: string;
  /** Of Solidity: other contracts of this file, at other addresses. */
  readonly also?: readonly Placement[];
}

/**
 * A contract of a Solidity file that is in the world from the start. It was not created by a transaction: its constructor
 * did not run, variables are zero where `storage` does not set them, immutable ones always.
 */
export interface Placement {
  readonly contract: string;
  readonly address: string;
  readonly balance?: string;
  readonly storage?: Readonly<Record<string, string>>;
}

/** What is opened: sources are assembled or compiled, and put into the prestate of the request. */
export interface EvmProject {
  readonly title: string;
  readonly request: EvmRequest;
  readonly sources: readonly SourceSpec[];
  /** How Solidity is compiled: all files of the project together. */
  readonly solidity?: SoliditySettings;
  /**
   * By which data is shown: `transfer(address,uint256)`, `event Transfer(address indexed, address indexed, uint256)`,
   * `error TooLittle(uint256)`. What Solidity sources declare is known without being here.
   */
  readonly abi: readonly string[];
}
