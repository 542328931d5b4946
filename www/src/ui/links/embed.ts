const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };

const escaped = (text: string): string => text.replace(/[&"<>]/g, (character) => ESCAPES[character] ?? "");

/** HTML that shows the page at an address within another page. */
export const embedHtml = (address: string, title: string): string =>
  `<iframe src="${escaped(address)}" title="${escaped(title)}" width="100%" height="640" loading="lazy" allow="clipboard-write; fullscreen"></iframe>`;
