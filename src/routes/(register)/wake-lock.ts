/**
 * Keeps the screen awake while somebody sells; the browser drops the lock whenever the page is hidden, so it is taken
 * again when the page comes back. Where the browser has none, the tablet's own settings decide.
 *
 * @returns what ends it
 */
export function keepScreenAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let ended = false;

  async function take(): Promise<void> {
    if (ended || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    try {
      const taken = await navigator.wakeLock.request('screen');
      if (ended) await taken.release();
      else lock = taken;
    } catch {
      // Battery saver or policy says no: selling goes on without it.
    }
  }
  function seen(): void {
    void take();
  }

  document.addEventListener('visibilitychange', seen);
  void take();
  return () => {
    ended = true;
    document.removeEventListener('visibilitychange', seen);
    void lock?.release().catch(() => undefined);
  };
}
