const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };

const escaped = (text: string): string => text.replace(/[&"<>]/g, (character) => ESCAPES[character] ?? "");

/** HTML that shows the page at an address within another page. */
export function embedHtml(address: string, title: string): string {
  const attributes = { src: address, title, width: "100%", height: "640", loading: "lazy" };
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  return `<iframe${written.join("")}></iframe>`;
}
