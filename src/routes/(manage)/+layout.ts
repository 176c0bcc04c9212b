/** Everything here lives: it is asked of the server again and again, so there is nothing to draw there. */
export const ssr = false;
