/** The register runs in the browser alone: it has to start without the network, from what it kept. */
export const ssr = false;
