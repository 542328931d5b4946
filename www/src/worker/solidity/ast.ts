/** A node of the compiler's syntax tree, as far as it is read here. */
export interface Node {
  readonly nodeType: string;
  readonly id?: number;
  /** `start:length:file`, in bytes. */
  readonly src?: string;
  readonly name?: string;
  readonly [field: string]: unknown;
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).nodeType === "string";
}

/** A field that is a node. */
export function child(node: Node | undefined, field: string): Node | undefined {
  const value = node?.[field];
  return isNode(value) ? value : undefined;
}

/** A field that is a list of nodes; gaps, as in `(a, , b) = f()`, are left out. */
export function children(node: Node | undefined, field: string): readonly Node[] {
  const value = node?.[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Calls `visit` with a node and all below it, with those above: the nearest last. */
export function walk(node: Node, visit: (node: Node, above: readonly Node[]) => void, above: readonly Node[] = []) {
  visit(node, above);
  const inner = [...above, node];
  for (const value of Object.values(node))
    if (isNode(value)) walk(value, visit, inner);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) walk(item, visit, inner);
}

/** Where a node stands. */
export function placeOf(node: Node | undefined): { start: number; length: number; file: number } {
  const [start = 0, length = 0, file = -1] = (node?.src ?? "").split(":").map(Number);
  return { start, length, file };
}

/** The compiler's text of a node's type. */
export function typeOf(node: Node): { readonly text: string; readonly identifier: string } {
  const found = node.typeDescriptions as { typeString?: string; typeIdentifier?: string } | undefined;
  return { text: found?.typeString ?? "", identifier: found?.typeIdentifier ?? "" };
}
