/** Values that a series has for each image. Pure. consult/dicom/per_image.py makes them. */

/**
 * Of one image: the one for all, or its own; null where there is none.
 * @template V
 * @param {readonly V[]} values @param {number} image @returns {V | null}
 */
export const perImage = (values, image) => (values.length === 1 ? values[0] : values[image]) ?? null;
