/** A drawing of Lucide's set by its name, made a component while building (vite.config.ts); readers of screens skip it. */
declare module '~icons/lucide/*' {
  import type { Component } from 'svelte';
  import type { SVGAttributes } from 'svelte/elements';

  /** Takes what an <svg> takes, and the length of its sides in pixels, 24 where left out. */
  const drawing: Component<SVGAttributes<SVGSVGElement> & { size?: number }>;
  export default drawing;
}
