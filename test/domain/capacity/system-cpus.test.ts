import { systemCpus } from "../../../domain/capacity/system-cpus";

test("are those of the most system nodes there can be; none where another owns them", () => {
  expect(systemCpus({ instanceTypes: ["m7g.xlarge"], maximum: 3 })).toBe(12);
  expect(systemCpus({ instanceTypes: ["m6i.12xlarge"], maximum: 3 })).toBe(144);
  expect(systemCpus(undefined)).toBe(0);
});
