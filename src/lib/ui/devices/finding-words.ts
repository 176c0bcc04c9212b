/** What the test panel says about a scan, and what its buttons are called. */
import { m } from '$lib/i18n/generated/messages.js';
import type { Arrival, Finding, Fix } from '$lib/register/scan-trial.svelte';

export function findingWords(finding: Finding): string {
  switch (finding.what) {
    case 'too_slow':
      return m.try_finding_too_slow({ pace: finding.paceMs, gap: finding.gapMs });
    case 'too_short':
      return m.try_finding_too_short({ length: finding.length, least: finding.minLength });
    case 'layout':
      return m.try_finding_layout();
    case 'caps_lock':
      return m.try_finding_caps_lock();
    case 'no_terminator':
      return m.try_finding_no_terminator({ waits: finding.waitsMs });
    case 'serial_speed':
      return m.try_finding_serial_speed({ baud: finding.baudRate });
    case 'bad_report':
      return m.try_finding_bad_report();
    case 'unplugged':
      return m.try_finding_unplugged();
    case 'laser':
      return m.try_finding_laser();
    case 'silent':
      return m.try_finding_silent();
  }
}

export function fixWords(fix: Fix): string {
  switch (fix.what) {
    case 'calibrate':
      return m.try_fix_calibrate();
    case 'connect':
      return m.try_fix_connect();
    case 'camera':
      return m.try_fix_camera();
    case 'modes':
      return m.try_fix_modes();
    case 'serial':
      return m.try_fix_speed({ baud: fix.settings.baudRate ?? 9600 });
    case 'hid':
      return fix.settings.form === 'ibm' ? m.try_fix_form_ibm() : m.try_fix_form_pos();
    case 'wedge': {
      const { maxGapMs, minLength, capsLock } = fix.settings;
      if (maxGapMs !== undefined) return m.try_fix_gap({ gap: maxGapMs });
      if (minLength !== undefined) return m.try_fix_length({ length: minLength });
      return capsLock === undefined ? m.try_fix_pace() : m.try_fix_caps_lock();
    }
  }
}

const kinds: Readonly<Record<NonNullable<Arrival['kind']>, () => string>> = {
  product: m.try_kind_product,
  payment_code: m.try_kind_payment_code,
  merchant_presented: m.try_kind_merchant_presented,
  order_receipt: m.try_kind_order_receipt,
  staff_badge: m.try_kind_staff_badge,
  unknown_product: m.try_kind_unknown_product,
  unreadable: m.try_kind_unreadable
};

/** What it was, large. */
export function arrivalTitle({ outcome, kind, productName }: Arrival): string {
  if (outcome === 'arriving') return m.try_arriving();
  if (outcome === 'nothing' || kind === null) return m.try_nothing();
  return productName ?? kinds[kind]();
}

/** The kind beneath a product's name; null where the title says it already. */
export function arrivalKind({ productName }: Arrival): string | null {
  return productName === null ? null : m.try_kind_product();
}
