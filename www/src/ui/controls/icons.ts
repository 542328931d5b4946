import { svg } from "lit";

const icon = (path: string) => svg`<svg viewBox="0 0 16 16" aria-hidden="true"><path d=${path} /></svg>`;

export const PLAY = icon("M4 2.5v11l9-5.5z");
export const PAUSE = icon("M4 2.5h3v11H4zm5 0h3v11H9z");
export const STEP = icon("M3 2.5v11l7-5.5zm8 0h2v11h-2z");
export const BACK = icon("M13 2.5v11l-7-5.500zm-8 0H3v11h2z");
export const BACK_TO = icon("M14 2.500v11L8 8zm-6 0v11L2 8z");
export const RESET = icon("M8 3V.5L4.5 4 8 7.500V5a3.500 3.500 0 1 1-3.500 3.500h-2A5.500 5.500 0 1 0 8 3");
export const POWER = icon("M7 1h2v7H7zM4.600 3.200 5.700 4.900a4 4 0 1 0 4.600 0l1.100-1.700a6 6 0 1 1-6.800 0");
export const FULL = icon("M2 2h5v2H4v3H2zm7 0h5v5h-2V4H9zM2 9h2v3h3v2H2zm10 0h2v5H9v-2h3z");
export const MOUSE = icon("M3 1.500v11l3-2.700 1.900 4.400 2-.900L8 9h4z");
export const SOUND = icon(
  "M1 5.500h3L8 2v12l-4-3.500H1zm9-1.200a4.500 4.500 0 0 1 0 7.400zm0-3a7.500 7.500 0 0 1 0 13.400v-1.700a6 6 0 0 0 0-10z",
);
export const OVER = icon("M2 8.500a6 6 0 0 1 11-2.500V3h2v6.500H8.500v-2h3.200A4 4 0 0 0 4 8.500zM6 12h4v2H6z");
export const OUT = icon("M8 1.500 3 6.500h4V11h2V6.500h4zM4 12.500h8v2H4z");
export const KEEP = icon("M3 1.500h10v13L8 11l-5 3.500z");
