import { crc32 } from "../../../domain/lifecycle/crc32";

test.each([
  ["123456789", 0xcbf43926],
  ["0.0.0.0/0", 1_080_289_494],
  ["", 0],
])("the checksum of %j is %d", (text, checksum) => {
  expect(crc32(text)).toBe(checksum);
});
