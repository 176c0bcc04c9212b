/** Words and signs for scanners: one table from state to text. */
import Camera from '~icons/lucide/camera';
import Cable from '~icons/lucide/cable';
import Keyboard from '~icons/lucide/keyboard';
import Usb from '~icons/lucide/usb';
import { m } from '$lib/i18n/generated/messages.js';
import type { ScannerRoad, ScannerState, ScannerTrouble } from '$lib/register/scanner-types';
import type { Tone } from '../tone';

export const roadIcons = { wedge: Keyboard, hid: Usb, serial: Cable, camera: Camera };

export const roadWords: Readonly<
  Record<ScannerRoad, { readonly name: () => string; readonly about: () => string }>
> = {
  wedge: { name: m.devices_road_wedge, about: m.devices_road_wedge_about },
  hid: { name: m.devices_road_hid, about: m.devices_road_hid_about },
  serial: { name: m.devices_road_serial, about: m.devices_road_serial_about },
  camera: { name: m.devices_road_camera, about: m.devices_road_camera_about }
};

export const troubleWords: Readonly<Record<ScannerTrouble, () => string>> = {
  unsupported: m.devices_trouble_unsupported,
  insecure: m.devices_trouble_insecure,
  blocked: m.devices_trouble_blocked,
  not_chosen: m.devices_trouble_not_chosen,
  permission_lost: m.devices_trouble_permission_lost,
  unplugged: m.devices_trouble_unplugged,
  in_use: m.devices_trouble_in_use,
  keyboard_mode: m.devices_trouble_keyboard_mode,
  no_camera: m.devices_trouble_no_camera,
  failed: m.devices_trouble_failed
};

/** The state's pill. Colour is money's, so that only what needs somebody wears one. */
export function stateWords(state: ScannerState): { readonly text: string; readonly tone: Tone } {
  switch (state.state) {
    case 'ready':
      return { text: m.devices_state_ready(), tone: 'plain' };
    case 'off':
      return { text: m.devices_state_off(), tone: 'stopped' };
    case 'connecting':
      return { text: m.devices_state_connecting(), tone: 'plain' };
    case 'other_tab':
      return { text: m.devices_state_other_tab(), tone: 'stopped' };
    case 'waiting':
      return { text: m.devices_state_waiting(), tone: 'unknown' };
    case 'needs_you':
      return { text: m.devices_state_needs_you(), tone: 'unknown' };
  }
}

/** What is wrong and what to do, or null where nothing is. */
export function troubleOf(state: ScannerState): string | null {
  return 'trouble' in state && state.trouble !== null ? troubleWords[state.trouble]() : null;
}

/**
 * Whether a press lets the user choose the scanner in the browser's list; otherwise it is only tried again. One that was
 * pulled out may have been forgotten by the browser with that, which does not say so.
 */
export function asksToChoose(state: ScannerState): boolean {
  if (state.state === 'waiting') return state.remedy === 'plug_in';
  return state.state !== 'needs_you' || state.remedy !== 'retry';
}
