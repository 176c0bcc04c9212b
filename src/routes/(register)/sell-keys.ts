/** What the keys of a keyboard do on the sell screen. Enter alone never charges: scanners send it. */
export interface SellKeys {
  readonly search: () => void;
  readonly park: () => void;
  readonly charge: () => void;
  readonly back: () => void;
  readonly takeLastBack: () => void;
}

/** Keys by which people, but no scanner, show that they use a keyboard: from then on keys are printed on buttons. */
const humanKeys = new Set(['F2', 'F4', 'F9', 'Escape', 'ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight']);

/** True where typing goes into a field, or a dialog is open: there the keys mean something else. */
function isElsewhere(): boolean {
  const focused = document.activeElement;
  return (
    focused instanceof HTMLInputElement ||
    focused instanceof HTMLTextAreaElement ||
    document.querySelector('[role="dialog"]') !== null
  );
}

/** Runs one key; to be called for `keydown` on the window. A key that a scan has swallowed is left alone. */
export function pressKey(event: KeyboardEvent, keys: SellKeys): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (humanKeys.has(event.key)) document.documentElement.dataset['keys'] = '';
  if (document.querySelector('[role="dialog"]') !== null) return;

  const action = actionFor(event, keys);
  if (action === null) return;
  event.preventDefault();
  if (!event.repeat) action();
}

function actionFor(event: KeyboardEvent, keys: SellKeys): (() => void) | null {
  if (event.altKey || event.metaKey || event.shiftKey) return null;
  if (event.key === 'Enter' && event.ctrlKey) return keys.charge;
  if (event.ctrlKey) return null;
  switch (event.key) {
    case 'F2':
      return keys.search;
    case 'F4':
      return keys.park;
    case 'F9':
      return keys.charge;
    case 'Escape':
      return keys.back;
    case 'Backspace':
      return isElsewhere() ? null : keys.takeLastBack;
    default:
      return null;
  }
}
