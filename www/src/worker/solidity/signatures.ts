import type { AbiItem, AbiParameter } from "../../protocol/evm/solidity";

/** A value in the compiler's JSON ABI. */
interface RawParameter {
  readonly name?: string;
  readonly type?: string;
  readonly internalType?: string;
  readonly components?: readonly RawParameter[];
  readonly indexed?: boolean;
}

export interface RawItem {
  readonly type?: string;
  readonly name?: string;
  readonly inputs?: readonly RawParameter[];
  readonly outputs?: readonly RawParameter[];
  readonly stateMutability?: string;
}

const KINDS = ["function", "event", "error", "constructor", "receive", "fallback"] as const;
const MUTABILITIES = ["pure", "view", "nonpayable", "payable"] as const;

function parameterOf(raw: RawParameter): AbiParameter {
  const components = (raw.components ?? []).map(parameterOf);
  const type = raw.type ?? "";
  return {
    name: raw.name ?? "",
    type: type.startsWith("tuple") ? `(${components.map((one) => one.type).join(",")})${type.slice(5)}` : type,
    internalType: raw.internalType ?? type,
    components,
    indexed: raw.indexed ?? false,
  };
}

/** Values with their names: a tuple's members have theirs too. */
function listed(parameters: readonly AbiParameter[]): string {
  return parameters
    .map(({ name, type, components, indexed }) => {
      const inner = components.length > 0 ? `(${listed(components)})${type.slice(type.lastIndexOf(")") + 1)}` : type;
      return [inner, ...(indexed ? ["indexed"] : []), ...(name ? [name] : [])].join(" ");
    })
    .join(", ");
}

/** An item of the compiler's JSON ABI; null if it is of a kind unknown here. */
export function abiItem(raw: RawItem): AbiItem | null {
  const kind = KINDS.find((one) => one === raw.type);
  if (!kind) return null;
  const name = raw.name ?? "";
  const [inputs, outputs] = [(raw.inputs ?? []).map(parameterOf), (raw.outputs ?? []).map(parameterOf)];
  const gives = outputs.length > 0 ? ` returns (${listed(outputs)})` : "";
  const mutability = MUTABILITIES.find((one) => one === raw.stateMutability) ?? "nonpayable";
  return {
    kind,
    name,
    inputs,
    outputs,
    mutability,
    signature: name ? `${kind} ${name}(${listed(inputs)})${gives}` : "",
  };
}
