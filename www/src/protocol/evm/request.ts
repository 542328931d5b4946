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
  /** Hexadecimal; or `@name`: the code of that source. */
  readonly data?: string;
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
  /** Where it is put; nothing for init code, which a transaction has as its data. */
  readonly address?: string;
  readonly name: string;
  /** In the assembler's language. */
  readonly text: string;
  readonly balance?: string;
  readonly storage?: Readonly<Record<string, string>>;
}

/** What is opened: sources are assembled, and put into the prestate of the request. */
export interface EvmProject {
  readonly title: string;
  readonly request: EvmRequest;
  readonly sources: readonly SourceSpec[];
  /** By which data is shown: `transfer(address,uint256)`, `event Transfer(address indexed, address indexed, uint256)`. */
  readonly abi: readonly string[];
}
