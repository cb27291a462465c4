/** A whole volume: a drag turns it, what is rendered up and down too; a click on a MIP moves the crosshair to the voxel
 * of the maximum under it. */
/** @import {Vec} from "../../core/vec.js" */
/** @import {PlanesContext} from "./planes.js" */
import { ApiError } from "../../core/api-error.js";
import { t } from "../../core/language.js";
import { movePoint } from "../../core/planes/acts.js";
import { cameraNormal, planeOf } from "../../core/planes/parts.js";
import { orbited, presetOf } from "../../core/planes/whole/rendered.js";
import { isWhole, turnedBy } from "../../core/planes/whole/turning.js";
import { pointAt } from "../../core/view/camera.js";
import { stopped } from "../../core/view/cine/playing.js";
import { viewportAt } from "../../core/view/layout.js";
import { activate } from "../../core/view/view.js";
import { ask } from "../../transport/json.js";
import { MipPointer } from "./mip-pointer.js";

/** CSS pixels of a drag for one step of a MIP; degrees that a pixel turns what is rendered. */
const [STEP_PX, DEG_PX] = [6, 0.5];

export class Mip {
  /** @param {PlanesContext} context */
  constructor(context) {
    this.context = context;
    const { stage, navigation, session, toolbox } = context;
    new MipPointer(stage.element, stage.area, {
      over: (at) => {
        const painted = stage.pictures.painted && viewportAt(stage.pictures.painted.viewports, at);
        const free = toolbox.drawing === "" && toolbox.mouse !== "laser" && navigation.ready() !== null;
        return free && painted && isWhole(painted.shows) ? painted.id : "";
      },
      begin: () => navigation.ready()?.view ?? null,
      turn: (start, id, [across, down], rest) => {
        const { kase } = session;
        if (!kase || !navigation.ready()) return;
        const still = stopped(activate(start, id), id);
        const shows = start.viewports.find((v) => v.id === id)?.shows;
        const turned = presetOf(shows)
          ? orbited(still, kase, id, [across * DEG_PX, down * DEG_PX])
          : turnedBy(still, kase, id, Math.round(across / STEP_PX));
        navigation.propose(turned, { rest });
      },
      jump: (id, at) => void this.jump(id, at),
    });
  }

  /** @param {string} id @param {readonly [number, number]} at device pixels */
  async jump(id, at) {
    const { stage, session, navigation, notices, base } = this.context;
    const viewport = stage.pictures.painted?.viewports.find((v) => v.id === id);
    const plane = planeOf(viewport?.shows);
    const epoch = session.doc?.case;
    if (!viewport || !plane) return;
    if (plane.preset) return; // what a ray meets first depends on the preset: nothing to aim at
    if (!navigation.mayMove) return navigation.cannot();
    const point = pointAt(viewport.camera, viewport.rect_px, at[0], at[1]);
    const query = new URLSearchParams({
      time: String(plane.volume.time ?? 0),
      point: point.join(","),
      towards: cameraNormal(viewport.camera).join(","),
      ...(plane.projection === "min" ? { least: "1" } : {}),
    });
    try {
      /** @type {{point: Vec, value: number}} */
      const found = await ask("GET", `${base}series/${plane.volume.series}/greatest?${query}`);
      if (session.doc?.case !== epoch) return;
      navigation.change((view, { kase }) => (view.crosshair ? movePoint(view, kase, found.point) : view));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notices.show({ text: error.message || t("There is nothing under this point."), glyph: "crosshair" });
    }
  }
}
