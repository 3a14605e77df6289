/** Karpenter's capacity types for a way to buy nodes: `spot` takes on-demand instances where no spot capacity is left. */
export function capacityTypes(purchaseOption: "on-demand" | "spot"): string[] {
  return purchaseOption === "spot" ? ["spot", "on-demand"] : ["on-demand"];
}
