/**
 * Puts a popover under the button that opens it, right edges in line. (CSS anchors would do it, but not yet in every
 * browser that a till runs.)
 */
export function placeBelow(popover: HTMLElement): () => void {
  function place(event: Event): void {
    if (!(event instanceof ToggleEvent) || event.newState !== 'open') return;
    const openers = document.querySelectorAll<HTMLElement>(`[popovertarget="${popover.id}"]`);
    const opener = [...openers].find((button) => button === document.activeElement) ?? openers[0];
    if (opener === undefined) return;
    const box = opener.getBoundingClientRect();
    popover.style.inset = `${box.bottom + 4}px ${Math.max(8, document.documentElement.clientWidth - box.right)}px auto auto`;
  }
  popover.addEventListener('beforetoggle', place);
  return () => popover.removeEventListener('beforetoggle', place);
}
