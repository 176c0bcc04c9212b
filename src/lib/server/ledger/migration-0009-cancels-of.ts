/** Every question about a payment looks up the cancels that were sent for it. */
export const cancelsOfStatements: readonly string[] = [
  `CREATE INDEX cancels_by_attempt ON cancels (attempt_id, id)`
];
