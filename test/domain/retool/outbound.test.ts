import { type RetoolSpec, planRetool } from "../../../domain/retool/retool";
import { planAuthorities } from "../../../domain/retool/outbound";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";
import { CERTIFICATE, releaseValues } from "../../support/retool-release";

const check = (retool: RetoolSpec): string[] =>
  planRetool(retool, context, "4.0.9-stable").violations.map(formatViolation);

describe("a proxy to the internet", () => {
  const outboundProxy = { url: "http://proxy.example.com:3128", noProxy: [".corp.example.com"] };

  test("serves the backend and functions alike", () => {
    const { env, rr } = releaseValues({ retool: { outboundProxy } });

    expect(env).toMatchObject({ HTTP_PROXY: outboundProxy.url, HTTPS_PROXY: outboundProxy.url });
    expect(rr.jsExecutor.env).toMatchObject({ HTTPS_PROXY: outboundProxy.url, NO_PROXY: env["NO_PROXY"] });
  });

  test("is left aside for the cluster, the VPC, AWS, credentials and the named hosts", () => {
    const privateRanges = ["10.0.0.0/16", "172.20.0.0/16"];
    const direct = (
      releaseValues({ retool: { outboundProxy }, input: { privateRanges } }).env["NO_PROXY"] as string
    ).split(",");

    expect(direct).toEqual(
      expect.arrayContaining([
        "localhost",
        "169.254.170.23",
        ".svc",
        "retool-workflow-backend",
        "retool-code-executor",
        "retool-retool-wf-temporal-temporal-frontend",
        "10.0.0.0/16",
        "172.20.0.0/16",
        ".us-east-1.amazonaws.com",
        ".corp.example.com",
      ]),
    );
    expect(new Set(direct).size).toBe(direct.length);
  });

  test("is not there unless asked for", () => {
    const { env, rr } = releaseValues();

    expect(Object.keys(env).filter((name) => name.includes("PROXY"))).toEqual([]);
    expect(rr.jsExecutor.env).toBeUndefined();
  });

  test.each([
    ["proxy.example.com:3128", "is not the address of a proxy; use one such as http://proxy.example.com:3128"],
    ["ftp://proxy.example.com", "is not the address of a proxy; use one such as http://proxy.example.com:3128"],
    ["http://proxy.example.com/path", "is not the address of a proxy; use one such as http://proxy.example.com:3128"],
    ["http://me:pw@proxy.example.com", "holds credentials; use a proxy that identifies its clients by address"],
  ])("%s is refused and not repeated", (url, message) => {
    expect(check({ outboundProxy: { url } })).toEqual([`retool.outboundProxy.url: ${message}`]);
  });

  test("knows hosts only", () => {
    expect(check({ outboundProxy: { url: "http://proxy.example.com", noProxy: ["a b"] } })).toEqual([
      'retool.outboundProxy.noProxy[0]: "a b" is not a host; use a name, ".example.com" for a whole domain, or an address',
    ]);
  });
});

describe("authorities of a company's own", () => {
  test("are mounted into the pods from a ConfigMap that is named after them", () => {
    const values = releaseValues({ retool: { certificateAuthorities: CERTIFICATE } });
    const name = planAuthorities(CERTIFICATE)!.configMap;

    expect(name).toMatch(/^retool-ca-[0-9a-f]{8}$/);
    expect(values.extraManifests).toEqual([
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { "ca.pem": CERTIFICATE } },
    ]);
    expect(values.extraVolumes).toEqual([{ name: "certificate-authorities", configMap: { name } }]);
    expect(values.env["NODE_EXTRA_CA_CERTS"]).toBe("/etc/retool/certificate-authorities/ca.pem");
    expect(values.rr.jsExecutor.env).toEqual({ NODE_EXTRA_CA_CERTS: values.env["NODE_EXTRA_CA_CERTS"] });
  });

  test("that change have another name, so that pods restart", () => {
    expect(planAuthorities(`${CERTIFICATE}${CERTIFICATE}`)!.configMap).not.toBe(
      planAuthorities(CERTIFICATE)!.configMap,
    );
    expect(planAuthorities(undefined)).toBeUndefined();
  });

  test("may be several, and are nothing else", () => {
    expect(check({ certificateAuthorities: `${CERTIFICATE}\n${CERTIFICATE}` })).toEqual([]);
    expect(check({ certificateAuthorities: "corp.pem" })).toEqual([
      "retool.certificateAuthorities: the 8 characters given are not certificates in PEM; use complete certificates one after the other, without comments between them",
    ]);
    expect(check({ certificateAuthorities: `${CERTIFICATE}-----BEGIN PRIVATE KEY-----\n` })).toEqual([
      "retool.certificateAuthorities: holds a private key; remove it and replace the key, which is compromised",
    ]);
  });
});
