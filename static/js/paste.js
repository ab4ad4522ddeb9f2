// Pasting from Word and Google Docs into the text keeps bold, italics, links, lists and footnotes, as Markdown.
//
// <* role="status" data-paste-url="…" data-paste-working="…" data-paste-done="…" data-paste-failed="…"> within the
// form; the fields are those named in FIELDS. The clipboard's HTML goes to our own server, which knows Markdown; what
// comes back is inserted as if it had been typed, so that it can be undone. Where it cannot be had, the plain words
// are. Without HTML, as with Ctrl+Shift+V, or where it says nothing that the words do not, the browser pastes alone.

const FIELDS = ["body", "notes"];
const LONGEST = 8000;
const SAYS_MORE = /<(?:b|strong|i|em|a|h[1-6]|ul|ol|li|blockquote|table|sup|del)\b|font-weight:\s*(?:bold|[6-9]00)|font-style:\s*italic|MsoListParagraph|<p\b[^]*<p\b/i;
// What a program for writing programs copies is meant to the letter.
const IS_CODE = /white-space:\s*pre\s*[;"']/i;

const insert = (field, words) => {
  field.focus();
  if (document.execCommand("insertText", false, words)) return;
  field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
};

// Blocks stand apart from what is typed around them; words within a paragraph go on in it.
const fitted = (field, markdown) => {
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  if (!/\n|^(?:[-*>]|\d+[.)]) /.test(markdown)) return markdown;
  const lead = /(?:^|\n\s*\n)$/.test(before) ? "" : /\n$/.test(before) ? "\n" : "\n\n";
  const trail = !after.trim() || /^\s*\n\s*\n/.test(after) ? "" : /^\n/.test(after) ? "\n" : "\n\n";
  return lead + markdown + trail;
};

const firstNote = (field) => {
  const used = [...field.value.matchAll(/\[\^(\d{1,3})\]/g)].map((found) => Number(found[1]));
  return Math.max(0, ...used) + 1;
};

const converted = async (field, html, state) => {
  const form = new FormData();
  form.set("csrf_token", field.form.elements.csrf_token.value);
  form.set("html", html);
  form.set("first_note", String(firstNote(field)));
  const answer = await fetch(state.dataset.pasteUrl, {
    method: "POST",
    body: form,
    credentials: "same-origin",
    redirect: "error",
    signal: AbortSignal.timeout(LONGEST),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

const pasted = async (field, html, plain, state) => {
  state.textContent = state.dataset.pasteWorking ?? "";
  try {
    const { markdown, notes } = await converted(field, html, state);
    insert(field, fitted(field, markdown));
    state.textContent = [state.dataset.pasteDone ?? "", ...notes].join(" ");
  } catch {
    insert(field, plain);
    state.textContent = state.dataset.pasteFailed ?? "";
  }
};

for (const state of document.querySelectorAll("[data-paste-url]")) {
  for (const name of FIELDS) {
    const field = state.closest("form")?.elements[name];
    field?.addEventListener("paste", (event) => {
      const html = event.clipboardData?.getData("text/html") ?? "";
      if (!SAYS_MORE.test(html) || (IS_CODE.test(html) && !html.includes("pre-wrap"))) return;
      event.preventDefault();
      pasted(field, html, event.clipboardData.getData("text/plain"), state);
    });
  }
}
