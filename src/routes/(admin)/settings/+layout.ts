/** As the manager's pages: everything here is asked of the server while it is looked at. */
export const ssr = false;
