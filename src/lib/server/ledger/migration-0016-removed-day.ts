/** On which business day a tender was taken back: a day that is over keeps its figures. */
export const removedDayStatements: readonly string[] = [
  `ALTER TABLE tenders ADD COLUMN removed_day TEXT`,
  // Those of before go on counting nowhere, as on every page that was printed since.
  `UPDATE tenders SET removed_day = business_day WHERE removed_at_ms IS NOT NULL`,
  `CREATE INDEX tenders_by_removed_day ON tenders (removed_day)`
];
