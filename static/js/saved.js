// The page after saving: the browser's own copy of what was typed in that editor is of no use any more.

import { dropSaved } from "./words.js";

dropSaved(document.getElementById("saved-editor").dataset.savedEditor);
