import type { HelmValues, ImageValues } from "./chart-values";
import type { JsonObject } from "../common/kubernetes";
import type { ImagePlan, ImagesPlan } from "../retool/images";

/** Where each image stands among the values. */
export interface ImageKeys {
  /** `image`: the backend, and the tag that the others take where they have none. */
  readonly backend: HelmValues["image"];
  /** `codeExecutor.image`. */
  readonly codeExecutor: Partial<Record<"image", ImageValues>>;
  /** `rr.jsExecutor.image`. */
  readonly jsExecutor: Partial<Record<"image", ImageValues>>;
  /** `rr.agentSandbox.image` and `rr.agentSandbox.initImage`. */
  readonly agentSandbox: Partial<Record<"image" | "initImage", ImageValues>>;
  /** `rr.agentSandbox.devicePlugin.image`. */
  readonly devicePlugin: Partial<Record<"image", ImageValues>>;
  /** `telemetry.image`. */
  readonly telemetry: Partial<Record<"image", ImageValues>>;
}

/** Writes the images; one that is the chart's own, in the backend's version, is left out. */
export function imageKeys(images: ImagesPlan): ImageKeys {
  const { backend, init, pullSecrets } = images;
  const other = (image: ImagePlan): JsonObject & Partial<Record<"image", ImageValues>> => {
    const values = imageValues({ ...image, tag: image.tag === backend.tag ? undefined : image.tag });
    return Object.keys(values).length === 0 ? {} : { image: values };
  };
  const { image: initImage } = other({ repository: init.repository, tag: undefined });
  return {
    backend: {
      ...imageValues(backend),
      tag: backend.tag ?? "",
      ...(pullSecrets.length === 0 ? {} : { pullSecrets: pullSecrets.map((name) => ({ name })) }),
    },
    codeExecutor: other(images.codeExecutor),
    jsExecutor: other(images.jsExecutor),
    agentSandbox: { ...other(images.agentSandbox), ...initKeys(initImage, init) },
    devicePlugin: other(images.devicePlugin),
    telemetry: other(images.telemetry),
  };
}

/** The helper's image has its digest in a separate key. */
function initKeys(image: ImageValues | undefined, { tag }: ImagePlan): Partial<Record<"initImage", ImageValues>> {
  const digest = tag?.split("@")[1];
  const values = { ...image, ...(digest === undefined ? {} : { digest }) };
  return Object.keys(values).length === 0 ? {} : { initImage: values };
}

function imageValues({ repository, tag }: ImagePlan): ImageValues {
  return {
    ...(repository === undefined ? {} : { repository }),
    ...(tag === undefined ? {} : { tag }),
  };
}
