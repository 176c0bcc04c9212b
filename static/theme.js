// The register's own choice of light or dark, set before anything is painted. See src/routes/theme.ts.
try {
  const theme = localStorage.getItem('till.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the device's own theme is used.
}
