import { svg } from "lit";

const icon = (path: string) => svg`<svg viewBox="0 0 16 16" aria-hidden="true"><path d=${path} /></svg>`;

export const TO_START = icon("M2 2.500h2v11H2zm12 0v11L5 8z");
export const TO_END = icon("M12 2.500h2v11h-2zm-10 0v11L11 8z");
export const FOLD = icon("M3 5.500 8 11l5-5.500z");
export const UNFOLD = icon("M3 10.500 8 5l5 5.500z");
