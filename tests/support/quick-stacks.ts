/**
 * Playwright takes a stack for every call, to say where it stands, and looks each line up in the source maps anew: that was
 * a fifth of all that a worker did. Here each place is looked up once.
 */
const lookUp = Error.prepareStackTrace?.bind(Error);

if (lookUp !== undefined) {
  const known = new Map<string, string>();
  Error.prepareStackTrace = (error, places) => {
    const head = String(lookUp(error, []));
    const lines = places.map((place) => {
      const key = [
        place.getFunctionName(),
        place.getFileName(),
        place.getLineNumber(),
        place.getColumnNumber()
      ].join(':');
      const line = known.get(key) ?? String(lookUp(error, [place])).slice(head.length);
      known.set(key, line);
      return line;
    });
    return head + lines.join('');
  };
}
