export type { Fact } from "../common/fact";
export { type Check, CHECKS } from "./checks";
export { type Finding, type Grade, exitCodeOf } from "./finding";
