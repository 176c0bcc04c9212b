import { openLines, type Order } from './order';

/**
 * What was bought, in one line of a list: "Americano, 2 × Croissant, +1". The first lines by name, then how many more
 * lines there are.
 */
export function summariseOrder({
  order,
  named = 2
}: {
  readonly order: Order;
  readonly named?: number;
}): string {
  const lines = openLines(order);
  const names = lines
    .slice(0, named)
    .map((line) => (line.quantity === 1 ? line.name : `${line.quantity} × ${line.name}`));
  const more = lines.length - names.length;
  return more > 0 ? [...names, `+${more}`].join(', ') : names.join(', ');
}
