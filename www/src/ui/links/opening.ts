import { isLink } from "../../protocol/links";
import "./link_card";
import type { LinkCard } from "./link_card";

/** Shows what the link in the page's address would open, and lets the reader decide. */
export function openLink(): void {
  const { hash } = location;
  if (!isLink(hash)) return;
  // Once it was answered the address claims no more to be what is shown; and the same link can be followed again.
  const answered = () => {
    if (location.hash === hash) history.replaceState(history.state, "", location.pathname + location.search);
  };
  const found = document.querySelector("link-card") ?? document.body.appendChild(document.createElement("link-card"));
  void (found as LinkCard).show(hash, answered);
}
