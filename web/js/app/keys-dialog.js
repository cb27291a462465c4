/** `?` shows the keys; single keys can be switched off, for who dictates or types elsewhere. */
import { KEY_LIST } from "../core/input/keys.js";
import { showKeyList } from "../kit/dialog.js";
import { singleKeysSwitch } from "../kit/settings.js";
import { settings } from "../transport/storage.js";

/** Show the list. @returns {Promise<string>} */
export const showKeys = () => showKeyList(KEY_LIST, singleKeysSwitch(settings));
