import { formatMinutes } from "../../../domain/common/duration";

describe("formatMinutes", () => {
  it.each([
    [0, "0m"],
    [1, "1m"],
    [45, "45m"],
    [60, "1h"],
    [150, "2h30m"],
    [180, "3h"],
    [1441, "24h1m"],
  ])("writes %i minutes as %s", (minutes, text) => {
    expect(formatMinutes(minutes)).toBe(text);
  });
});
