/** Files that are dropped or chosen, folders walked, each with its name below what was dropped. */
/** @import {LocalFile} from "./uploader.js" */
import { counted } from "../core/format.js";

/** What file managers leave behind: passed over in silence, as the server does. */
const LITTER = /^(\._|\.DS_Store|Thumbs\.db|desktop\.ini)/;

/** @typedef {{name: string, files: LocalFile[], unreadable: string[]}} Batch */

/** @param {DataTransfer} transfer @returns {Promise<Batch>} */
export async function droppedFiles(transfer) {
  // The entries must be taken before the first await: afterwards the transfer is empty.
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...transfer.files];
  /** @type {Batch} */
  const batch = { name: "", files: [], unreadable: [] };
  if (entries.some((entry) => entry === null)) for (const file of plain) add(batch, file.name, file);
  else for (const entry of entries) if (entry) await walk(entry, batch);
  return named(
    batch,
    entries.filter((e) => e !== null).map((e) => e.name),
  );
}

/** @param {FileList} list @returns {Batch} */
export function chosenFiles(list) {
  /** @type {Batch} */
  const batch = { name: "", files: [], unreadable: [] };
  for (const file of list) add(batch, file.webkitRelativePath || file.name, file);
  return named(batch, [...new Set(batch.files.map((f) => f.name.split("/")[0] ?? ""))]);
}

/** @param {Batch} batch @param {string} name @param {File} file */
function add(batch, name, file) {
  if (!LITTER.test(file.name) && !name.includes("__MACOSX/")) batch.files.push({ name, size: file.size, file });
}

/** @param {Batch} batch @param {string[]} roots */
function named(batch, roots) {
  batch.files.sort((a, b) => (a.name < b.name ? -1 : 1));
  batch.name = roots.length === 1 ? (roots[0] ?? "") : counted(batch.files.length, "file");
  return batch;
}

/** @param {FileSystemEntry} entry @param {Batch} batch */
async function walk(entry, batch) {
  const name = entry.fullPath.replace(/^\//, "");
  try {
    if (entry.isFile) {
      add(
        batch,
        name,
        await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject)),
      );
    } else {
      for (const child of await children(/** @type {FileSystemDirectoryEntry} */ (entry))) await walk(child, batch);
    }
  } catch {
    batch.unreadable.push(name);
  }
}

/** A reader gives a folder's entries in portions, until one is empty. @param {FileSystemDirectoryEntry} folder */
async function children(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const found = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const portion = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return found;
    found.push(...portion);
  }
}
