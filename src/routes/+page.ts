/** Everything here needs the browser (secure context, session of this device): nothing to draw on the server. */
export const ssr = false;
