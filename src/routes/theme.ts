/** Light, dark, or what the device says: kept per register, because a shop's tills stand in different light. */

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'till.theme';

/** The theme chosen on this device. Storage that is switched off counts as "system". */
export function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(key);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}

/** Shows the theme at once and keeps it for the next start (`static/theme.js` reads it before the first paint). */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  try {
    if (theme === 'system') localStorage.removeItem(key);
    else localStorage.setItem(key, theme);
  } catch {
    // Nothing to keep it in: it holds until the page is closed.
  }
}
