/** Fields that keys are typed into, and how to put their former value back. */

type TextField = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

// A key types nothing into these.
const pressedInputs: ReadonlySet<string> = new Set([
  'button',
  'checkbox',
  'color',
  'file',
  'hidden',
  'image',
  'radio',
  'range',
  'reset',
  'submit'
]);

/** A field as it was; see {@link rememberField}. */
export interface FieldMemory {
  /** Puts value and selection back, and tells the page by an `input` event (for a list, `change` too). */
  readonly restore: () => void;
}

/** Says whether keys change the value of what has the focus. By its shape, so that fields of other frames count. */
export function isTextField(target: EventTarget | null): target is TextField {
  if (target === null || !('tagName' in target) || !('value' in target)) return false;
  const { tagName } = target;
  if (tagName === 'TEXTAREA' || tagName === 'SELECT') return true;
  return tagName === 'INPUT' && 'type' in target && !pressedInputs.has(String(target.type));
}

/** Remembers a field's value and selection. */
export function rememberField(field: TextField): FieldMemory {
  const { value } = field;
  const selection = selectionOf(field);
  return {
    restore() {
      if (field.value === value) return;
      field.value = value;
      if (selection !== null && 'setSelectionRange' in field) {
        field.setSelectionRange(selection.start, selection.end, selection.direction);
      }
      field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      if (field.tagName === 'SELECT') field.dispatchEvent(new Event('change', { bubbles: true }));
    }
  };
}

/** Null for lists and for fields without a caret, such as numbers. */
function selectionOf(field: TextField): {
  readonly start: number;
  readonly end: number;
  readonly direction: 'forward' | 'backward' | 'none';
} | null {
  if (!('selectionStart' in field)) return null;
  const { selectionStart: start, selectionEnd: end, selectionDirection: direction } = field;
  return start === null || end === null ? null : { start, end, direction: direction ?? 'none' };
}
