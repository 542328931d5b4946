/** Why calls of the element for teaching pages are not answered. */
export const EMBED = {
  removed: "the element was taken out of its page",
  loadedAnew: "the page in the frame was loaded anew",
} as const;
