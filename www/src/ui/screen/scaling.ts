/** A picture and the room it has, in device pixels. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** How large a picture is shown, in device pixels, and how often each of its pixels is repeated before that. */
export interface Fit {
  readonly width: number;
  readonly height: number;
  readonly repeatX: number;
  readonly repeatY: number;
}

/**
 * Fits a picture into a room with the aspect of its monitor. Rows or columns, whichever gives the larger picture, are
 * repeated a whole number of times where the room allows one. Pixels are first repeated a whole number of times in both
 * directions, so that what the aspect leaves over is smoothed by less than a device pixel.
 */
export function fitPicture(picture: Room, aspect: readonly [number, number], room: Room, fill: boolean): Fit {
  const ratio = aspect[0] > 0 && aspect[1] > 0 ? aspect[0] / aspect[1] : picture.width / picture.height;
  const most = Math.min(room.height, room.width / ratio);
  const byRows = Math.floor(most / picture.height) * picture.height;
  const byColumns = (Math.floor((most * ratio) / picture.width) * picture.width) / ratio;
  const whole = fill ? 0 : Math.max(byRows, byColumns);
  const height = Math.max(Math.floor(whole > 0 ? whole : most), 1);
  const width = Math.max(Math.round((whole > 0 ? whole : height) * ratio), 1);
  return {
    width,
    height,
    repeatX: Math.max(Math.ceil(width / picture.width), 1),
    repeatY: Math.max(Math.ceil(height / picture.height), 1),
  };
}
