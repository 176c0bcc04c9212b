/** Nobody touched the screen or a key for a while; whoever asks for it begins it anew at a scan. */
const signs = ['pointerdown', 'keydown'] as const;

/** Calls `lock` each time that nothing was touched for so long. @returns ends it */
export function lockWhenIdle({
  afterMs,
  lock
}: {
  readonly afterMs: number;
  readonly lock: () => void;
}): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const begin = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      lock();
      begin();
    }, afterMs);
  };
  begin();
  for (const sign of signs) window.addEventListener(sign, begin, { capture: true, passive: true });
  return () => {
    clearTimeout(timer);
    for (const sign of signs) window.removeEventListener(sign, begin, { capture: true });
  };
}
