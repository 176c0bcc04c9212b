import { sql } from 'kysely';

/** The rate that the first run makes. */
export const usualRateId = 'standard';

/** Sorts tax rates: what has no rate of its own, such as a typed price, takes the first one. */
export const usualRateFirst = sql`CASE WHEN id = ${sql.lit(usualRateId)} THEN 0 ELSE 1 END`;
