const counted = (instructions: number): string => `${instructions.toLocaleString("en")} instructions`;

/** What is said of a machine that comes to the moment of a link. */
export const ARRIVING = {
  unloadable: (file: string, why: string) =>
    `${file}: cannot be loaded (${why}); its host has to allow it (CORS), without redirection.`,
  refused: (file: string, status: number) => `${file}: the server answered with status ${status}.`,
  tooLarge: (file: string, bytes: number) =>
    `${file}: is larger than the link says (${bytes} bytes); nothing of it was used.`,
  otherFile: (file: string) =>
    `${file}: is not the file that the link names (another SHA-256); nothing of it was used.`,
  otherState: (came: number) =>
    `The machine stands after ${counted(came)}, as the link says, but its state is another than its maker saw: its images or firmware differ.`,
  otherPlace: (wanted: number, came: number) =>
    `The link leads to the moment after ${counted(wanted)}; the run came to ${counted(came)}, and no further.`,
} as const;
