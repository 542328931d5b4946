import type { MomentView } from "../../protocol/moments";

/** Addresses of the moments' small pictures, made once for each. */
export class Pictures {
  private readonly urls = new Map<string, string>();

  of({ id, thumbnail }: MomentView): string | null {
    const known = this.urls.get(id);
    if (known || !thumbnail) return known ?? null;
    const url = URL.createObjectURL(new Blob([thumbnail], { type: "image/png" }));
    this.urls.set(id, url);
    return url;
  }

  /** Gives all of them back. */
  clear(): void {
    for (const url of this.urls.values()) URL.revokeObjectURL(url);
    this.urls.clear();
  }
}
