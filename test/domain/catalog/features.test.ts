import { FEATURE_SERVICES } from "../../../domain/catalog/features";
import { FEATURES } from "../../../domain/catalog/row";
import { featureOf, servicesOf } from "../../../domain/catalog/services";

describe("the services of the features", () => {
  test("each belong to one feature, and every feature brings one", () => {
    const brought = FEATURES.flatMap(servicesOf);

    expect(servicesOf("agents")).toEqual(["agentWorker", "agentEvalWorker"]);
    expect(FEATURES.filter((feature) => servicesOf(feature).length === 0)).toEqual([]);
    expect(brought.sort()).toEqual(
      Object.values(FEATURE_SERVICES)
        .map(({ sizing }) => sizing.setting)
        .sort(),
    );
    expect(featureOf("api")).toBeUndefined();
  });
});
