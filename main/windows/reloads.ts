/** How soon a crashed page is loaded again; undefined: it crashed too often, and waits until it is opened anew. Pure but for its memory. */
export function reloadPlan(now: () => number, most = 3, withinMs = 60_000): () => number | undefined {
  let crashes: number[] = [];
  return () => {
    const at = now();
    crashes = [...crashes.filter((earlier) => at - earlier < withinMs), at];
    return crashes.length > most ? undefined : 300 * crashes.length;
  };
}
