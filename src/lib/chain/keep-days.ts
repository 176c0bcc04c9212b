/** How many days a register keeps entries of its journal after the server got them: what the shop may choose. */

/** Longer than any backup that is likely to be restored. */
export const fewestKeepDays = 30;
export const mostKeepDays = 3650;
