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
 * Fits a picture into a room with the aspect of its monitor. Rows are repeated a whole number of times where the room
 * allows one; columns follow from the aspect. Pixels are first repeated a whole number of times, so that what the
 * aspect leaves over is smoothed by less than a device pixel.
 */
export function fitPicture(picture: Room, aspect: readonly [number, number], room: Room, fill: boolean): Fit {
  const ratio = aspect[0] > 0 && aspect[1] > 0 ? aspect[0] / aspect[1] : picture.width / picture.height;
  const most = Math.min(room.height, room.width / ratio);
  // Low resolutions count as doubled, as a VGA shows them, so that 200 rows also fill what 400 would.
  const times = Math.floor(most / picture.height);
  const height = fill || times < 1 ? Math.max(Math.floor(most), 1) : times * picture.height;
  const width = Math.max(Math.round(height * ratio), 1);
  return {
    width,
    height,
    repeatX: Math.max(Math.ceil(width / picture.width), 1),
    repeatY: Math.max(Math.ceil(height / picture.height), 1),
  };
}
