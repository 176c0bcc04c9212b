/** Timers, injected. */

/** Calls back after a delay, unless the returned function is called before. */
export type SetTimer = (callback: () => void, delayMs: number) => () => void;
