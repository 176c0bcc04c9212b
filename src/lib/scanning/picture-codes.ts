/** Tells the codes in a camera's pictures apart: one read per code, until it leaves the picture. */

/** Codes that are in the picture; see {@link createPictureCodes}. */
export interface PictureCodes {
  /**
   * Takes the codes of one picture, named by text and symbology, and gives those that were not there before.
   *
   * @param at  milliseconds of a monotonic clock.
   */
  readonly look: (picture: { readonly names: readonly string[]; readonly at: number }) => readonly string[];
  /** Forgets all: the camera was switched off. */
  readonly clear: () => void;
}

/** A code that was not seen for so long has left. Shorter moments are a hand that shakes or a light that flickers. */
export const goneAfterMs = 1000;

/** Starts with an empty picture. */
export function createPictureCodes(): PictureCodes {
  const lastSeen = new Map<string, number>();
  return {
    look({ names, at }) {
      for (const [name, seenAt] of lastSeen) if (at - seenAt > goneAfterMs) lastSeen.delete(name);
      const fresh = [...new Set(names)].filter((name) => !lastSeen.has(name));
      for (const name of names) lastSeen.set(name, at);
      return fresh;
    },
    clear: () => lastSeen.clear()
  };
}
