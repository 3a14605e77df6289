import { exitCodeOf, type Finding } from "../../../domain/doctor/finding";

test("the exit code is 1 with a problem, 2 with something unknown, else 0", () => {
  const finding = (grade: Finding["grade"]): Finding => ({ check: "state", grade, what: "state" });

  expect(exitCodeOf([finding("good"), finding("warning")])).toBe(0);
  expect(exitCodeOf([finding("unknown"), finding("good")])).toBe(2);
  expect(exitCodeOf([finding("unknown"), finding("problem")])).toBe(1);
});
