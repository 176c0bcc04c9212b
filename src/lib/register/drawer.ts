/** The cash drawer: it hangs on a receipt printer, which opens it. */
export interface Drawer {
  /** Lets it spring open. @returns false where there is no road to it: then a person opens it by hand */
  kick(): Promise<boolean>;
}

/** A register without a printer. */
export const noDrawer: Drawer = { kick: () => Promise.resolve(false) };
