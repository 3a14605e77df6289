export type { Fact } from "../common/fact";
export type { Check } from "./checks";
export { type Finding, type Grade, exitCodeOf } from "./finding";
