/** Bytes of one side of a connection, in the order in which they are sent. */
export interface Segment {
  readonly from: "client" | "server";
  readonly bytes: Buffer;
}

/** A TCP connection from a pod to the internet. */
export interface CapturedFlow {
  /** Address of the client; a pod outside the subnets of sandboxes where nothing is said. */
  readonly client?: string;
  /** Port of the client, which tells the flows of a capture apart. */
  readonly clientPort: number;
  readonly destination: string;
  readonly port: number;
  readonly segments: readonly Segment[];
}

const CLIENT = "10.0.1.10";

/** Writes connections as a capture that packet filters read: handshake, segments, acknowledgements. */
export function capture(flows: readonly CapturedFlow[]): Buffer {
  const packets = flows.flatMap(packetsOf);
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(1, 20);
  const records = packets.map((packet, index) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000 + Math.floor(index / 1000), 0);
    record.writeUInt32LE((index % 1000) * 1000, 4);
    record.writeUInt32LE(packet.length, 8);
    record.writeUInt32LE(packet.length, 12);
    return Buffer.concat([record, packet]);
  });
  return Buffer.concat([header, ...records]);
}

const SYN = 0x02;
const ACK = 0x10;
const PUSH = 0x08;

function packetsOf({ client = CLIENT, clientPort, destination, port, segments }: CapturedFlow): Buffer[] {
  const next = { client: 1000, server: 5000 };
  const send = (from: Segment["from"], flags: number, bytes: Buffer = Buffer.alloc(0)): Buffer => {
    const other = from === "client" ? "server" : "client";
    const ends: Ends =
      from === "client" ? [client, clientPort, destination, port] : [destination, port, client, clientPort];
    const packet = tcpPacket(ends, next[from], flags === SYN ? 0 : next[other], flags, bytes);
    next[from] += bytes.length + ((flags & SYN) === 0 ? 0 : 1);
    return packet;
  };
  const opening = [send("client", SYN), send("server", SYN | ACK), send("client", ACK)];
  return [
    ...opening,
    ...segments.flatMap(({ from, bytes }) => [
      send(from, PUSH | ACK, bytes),
      send(from === "client" ? "server" : "client", ACK),
    ]),
  ];
}

type Ends = readonly [string, number, string, number];

function tcpPacket([from, fromPort, to, toPort]: Ends, seq: number, ack: number, flags: number, data: Buffer): Buffer {
  const ethernet = Buffer.from("02000000000202000000000108 00".replace(" ", ""), "hex");
  const ip = Buffer.alloc(20);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(40 + data.length, 2);
  ip.writeUInt16BE(0x4000, 6);
  ip.writeUInt8(64, 8);
  ip.writeUInt8(6, 9);
  address(from).copy(ip, 12);
  address(to).copy(ip, 16);
  const tcp = Buffer.alloc(20);
  tcp.writeUInt16BE(fromPort, 0);
  tcp.writeUInt16BE(toPort, 2);
  tcp.writeUInt32BE(seq, 4);
  tcp.writeUInt32BE(ack, 8);
  tcp.writeUInt8(0x50, 12);
  tcp.writeUInt8(flags, 13);
  tcp.writeUInt16BE(65_535, 14);
  return Buffer.concat([ethernet, ip, tcp, data]);
}

function address(text: string): Buffer {
  return Buffer.from(text.split(".").map(Number));
}

const short = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const long = (value: number): Buffer => Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);
const sized = (bytes: Buffer): Buffer => Buffer.concat([short(bytes.length), bytes]);

/** The first bytes of a TLS 1.2 client: with a name, with none, or with so much in front that the name comes late. */
export function clientHello(host: string | undefined, padding = 0): Buffer {
  const name =
    host === undefined
      ? []
      : [extension(0, sized(Buffer.concat([Buffer.from([0]), sized(Buffer.from(host, "latin1"))])))];
  const extensions = [
    ...(padding === 0 ? [] : [extension(21, Buffer.alloc(padding))]),
    ...name,
    extension(10, sized(Buffer.from([0, 29]))),
  ];
  const body = Buffer.concat([
    short(0x0303),
    Buffer.alloc(32, 7),
    Buffer.from([0]),
    sized(Buffer.from([0xc0, 0x2f])),
    Buffer.from([1, 0]),
    sized(Buffer.concat(extensions)),
  ]);
  return record(Buffer.concat([Buffer.from([1]), long(body.length), body]));
}

/** The first bytes of a TLS 1.2 server. */
export function serverHello(): Buffer {
  const body = Buffer.concat([short(0x0303), Buffer.alloc(32, 9), Buffer.from([0, 0xc0, 0x2f, 0])]);
  return record(Buffer.concat([Buffer.from([2]), long(body.length), body]));
}

function extension(type: number, bytes: Buffer): Buffer {
  return Buffer.concat([short(type), sized(bytes)]);
}

/** Handshake bytes in as many TLS records as they need. */
function record(bytes: Buffer): Buffer {
  const size = 16_000;
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
  return Buffer.concat(parts.flatMap((part) => [Buffer.from([22, 3, 1]), sized(part)]));
}

/** Bytes of a client in segments of so many bytes. */
export function inSegments(bytes: Buffer, size: number): Segment[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => ({
    from: "client" as const,
    bytes: bytes.subarray(index * size, (index + 1) * size),
  }));
}
