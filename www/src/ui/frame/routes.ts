import { siteUrl } from "../../client/site";

/** The parts of the page; each has its own static file. */
export type Route = "gallery" | "x86" | "evm";

export const ROUTES: readonly Route[] = ["gallery", "x86", "evm"];

const FOLDERS: Readonly<Record<Route, string>> = { gallery: "", x86: "x86/", evm: "evm/" };

/** The address of a part, under whatever base path the site lies. */
export const routeUrl = (route: Route): string => siteUrl(FOLDERS[route]);

/** The part that an address names; the gallery for all that is none. */
export function routeOf(url: string): Route {
  const path = new URL(url).pathname.replace(/index\.html$/, "").replace(/\/?$/, "/");
  return ROUTES.find((route) => new URL(routeUrl(route)).pathname === path) ?? "gallery";
}

/** Goes to a part without loading the page anew: a running machine goes on. */
export function go(route: Route): void {
  if (routeOf(location.href) === route) return;
  history.pushState(null, "", routeUrl(route));
  dispatchEvent(new PopStateEvent("popstate"));
}
