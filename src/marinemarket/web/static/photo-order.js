// The order of an advert's photos, and what the API says is wrong with one.

/** The order after one photo was dropped on another: it takes that place, and the others close up. */
export function orderAfterDrop(order, dragged, target) {
  const to = order.indexOf(target);
  const others = order.filter((id) => id !== dragged);
  return [...others.slice(0, to), dragged, ...others.slice(to)];
}
