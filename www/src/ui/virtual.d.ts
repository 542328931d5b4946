/** Dockview's style sheet, taken out of its script by scripts/dockview_css.mjs. */
declare module "virtual:dockview-styles" {
  const css: string;
  export default css;
}
