import { hostViolations, plainHost } from "../../../domain/common/server-host";

const problems = (host: string): string[] => hostViolations(host, "host").map(({ problem }) => problem);

describe("the host of a server", () => {
  test.each(["db.corp.example.com", "my_db.corp.example.com", "10.20.0.5", "pg.data.svc.cluster.local", "pg.data.svc"])(
    "%s is accepted",
    (host) => {
      expect(problems(host)).toEqual([]);
    },
  );

  test.each([
    ["DB.Example.COM", "db.example.com"],
    ["db.example.com.", "db.example.com"],
    ["db.example.com..", "db.example.com.."],
  ])("%s is read as %s", (given, plain) => {
    expect(plainHost(given)).toBe(plain);
  });

  test.each([
    ...["10.0.0.256", "999.999.999.999", "10.0.0", "10.0.0.01", "1.2.3.4.5", "127.1", "0x7f.1", "2130706433"],
    ...["0.0.0.0", "127.0.0.1", "127.0.0.53", "169.254.169.254", "224.0.0.1", "240.0.0.1", "255.255.255.255"],
    ...["localhost", "localhost.localdomain", "db.localhost", "db", "", " ", ".", "db..example.com", "-db.example.com"],
    ...["db .example.com", "https://db.example.com", "db.example.com:5432", "db.example.com/x", "u@db.example.com"],
    ...[
      "::1",
      "[::1]",
      "2001:db8::1",
      "*.example.com",
      "10.20.0.0/24",
      "d\u0430tabase.example.com",
      "db.example.com\n",
    ],
  ])("%j is refused once", (host) => {
    expect(problems(host)).toHaveLength(1);
  });
});
