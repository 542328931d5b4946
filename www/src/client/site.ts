/**
 * The folder under which the whole site lies: each of its HTML files says how to get there from itself. Taken once, before
 * the page changes its address.
 */
const root = new URL(
  document.querySelector<HTMLMetaElement>('meta[name="glassbox-site"]')?.content ?? "./",
  document.baseURI,
);

/** The address of a file of the site. */
export const siteUrl = (path: string): string => new URL(path, root).href;
