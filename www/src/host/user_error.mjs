/** A failure the user can do something about: its message is one line that names the file or field and the remedy. */
export class UserError extends Error {}
