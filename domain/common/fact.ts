/** Something that was asked: its answer, or why there is none. */
export type Fact<Value> = { readonly known: Value } | { readonly unknown: string };
