/** A number and what there is of it: `1 secret`, `3 secrets`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
