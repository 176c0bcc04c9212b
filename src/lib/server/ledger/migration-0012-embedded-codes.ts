/** How the shop builds its own codes that carry a weight or a price: a list, as JSON. None unless somebody sets some. */
export const embeddedCodesStatements: readonly string[] = [
  `ALTER TABLE shop ADD COLUMN embedded_patterns TEXT NOT NULL DEFAULT '[]'`
];
