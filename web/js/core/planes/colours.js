/** Colours: of planes, and the well-known palettes that greys may be shown in. */
/** @import {Viewport} from "../../wire.js" */
/** @import {PlaneName} from "./parts.js" */
import { t } from "../language.js";

/** On dark, and on white. @type {Record<PlaneName, [string, string]>} */
export const PLANE_COLOURS = {
  axial: ["#ff6b6b", "#d23b3b"],
  sagittal: ["#f5d547", "#a88600"],
  coronal: ["#54d17a", "#1b8f4a"],
};

/** @typedef {Exclude<NonNullable<Viewport["palette"]>, "">} Palette */

/** By their names. @type {[Palette, string][]} */
export const PALETTES = [
  ["hot_iron", t("Hot iron")],
  ["hot_metal_blue", t("Hot metal blue")],
  ["pet", t("PET colours")],
  ["pet_20_step", t("PET, 20 steps")],
];

/** @param {string | undefined} palette */
export const paletteName = (palette) => PALETTES.find(([one]) => one === palette)?.[1] ?? "";
