/** Bytes as people say them. */
export function bytesText(bytes: number): string {
  if (bytes < 1e4) return `${bytes.toLocaleString("en")} bytes`;
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** A day and a time of the reader's own clock, from milliseconds since 1970. */
export function dateText(at: number): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}
