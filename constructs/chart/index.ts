export { RetoolRelease, type RetoolReleaseProps } from "./retool-release";
