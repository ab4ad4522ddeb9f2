// Tools over a plain textarea: bold, italic, link, lists, quotation, footnote, a quote's place.
//
// <template data-toolbar="ID of the textarea"> holds a role="toolbar" with <button data-tool="…">. Every change is
// typed into the field by the browser's own command, so that Ctrl+Z takes it back like any typing. A tool pressed
// again takes away what it gave.

const MARKS = { bold: "**", italic: "*" };
const PREFIX = { bullets: /^[-*+] +/, numbers: /^\d{1,9}[.)] +/, quotation: /^> ?/ };
const ANY_LIST = /^(?:[-*+]|\d{1,9}[.)]) +/;

// Replaces value[start, end) and selects [from, to) of what is there then.
const type = (field, start, end, words, from, to) => {
  field.focus();
  field.setSelectionRange(start, end);
  if (field.value.slice(start, end) !== words) {
    const done = document.execCommand(words ? "insertText" : "delete", false, words);
    if (!done) {
      field.setRangeText(words, start, end);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  field.setSelectionRange(from, to);
};

// The selection without blanks at its edges; where nothing is selected, the word at the caret.
const chosen = (field) => {
  let { selectionStart: start, selectionEnd: end, value } = field;
  if (start === end) {
    const letter = (at) => /[\p{L}\p{M}\p{N}]/u.test(value[at] ?? "");
    while (letter(start - 1)) start -= 1;
    while (letter(end)) end += 1;
  } else {
    while (start < end && /\s/.test(value[start])) start += 1;
    while (end > start && /\s/.test(value[end - 1])) end -= 1;
  }
  return [start, end];
};

// How many asterisks stand directly before or behind a place.
const asterisks = (value, at, step) => {
  let count = 0;
  while (value[step < 0 ? at - 1 - count : at + count] === "*") count += 1;
  return count;
};

const has = (count, mark) => (mark === "**" ? count >= 2 : count % 2 === 1);

const emphasise = (field, mark) => {
  const { value } = field;
  const caret = field.selectionStart === field.selectionEnd ? field.selectionStart : -1;
  let [start, end] = chosen(field);
  while (end > start && value[start] === "*" && value[end - 1] === "*") [start, end] = [start + 1, end - 1];
  const around = Math.min(asterisks(value, start, -1), asterisks(value, end, 1));
  const size = mark.length;
  if (has(around, mark)) {
    const inner = value.slice(start, end);
    const at = caret < 0 ? start - size : caret - size;
    type(field, start - size, end + size, inner, at, caret < 0 ? at + inner.length : at);
    return;
  }
  // Emphasis ends at a blank line: every paragraph has its own.
  const words = value.slice(start, end).split(/(\n\s*\n)/).map((part, at) => (at % 2 || !part ? part : mark + part + mark));
  const marked = words.join("") || mark + mark;
  const from = (caret < 0 ? start : caret) + size;
  const to = caret < 0 ? start + marked.length - size : from;
  type(field, start, end, marked, from, to);
};

const link = (field, placeholder) => {
  const { value } = field;
  const [start, end] = chosen(field);
  const inner = value.slice(start, end);
  const behind = /^\]\([^()\s]*\)/.exec(value.slice(end))?.[0];
  if (behind && value[start - 1] === "[") {
    type(field, start - 1, end + behind.length, inner, start - 1, end - 1);
  } else if (/^(?:https?:\/\/|mailto:)\S+$/.test(inner)) {
    type(field, start, end, `[${placeholder}](${inner})`, start + 1, start + 1 + placeholder.length);
  } else {
    const words = inner || placeholder;
    const made = `[${words}](https://)`;
    const address = start + words.length + 3;
    const [from, to] = inner ? [address, address + 8] : [start + 1, start + 1 + words.length];
    type(field, start, end, made, from, to);
  }
};

// Whole lines begin with a mark, or no longer: lists and quotations.
const mark = (field, tool) => {
  const { value, selectionStart, selectionEnd } = field;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const last = selectionEnd > selectionStart && value[selectionEnd - 1] === "\n" ? selectionEnd - 1 : selectionEnd;
  const end = value.indexOf("\n", last) < 0 ? value.length : value.indexOf("\n", last);
  const lines = value.slice(start, end).split("\n");
  const told = lines.filter((line) => line.trim());
  const off = told.length > 0 && told.every((line) => PREFIX[tool].test(line));
  let number = 0;
  const marked = lines.map((line) => {
    if (off) return line.replace(PREFIX[tool], "");
    if (tool === "quotation") return line ? `> ${line}` : ">";
    if (!line.trim() && lines.length > 1) return line;
    number += 1;
    return (tool === "bullets" ? "- " : `${number}. `) + line.replace(ANY_LIST, "");
  });
  // A paragraph directly above or below would become part of it.
  const before = !off && start > 0 && value[start - 2] !== "\n" && !PREFIX[tool].test(value.slice(0, start - 1).split("\n").pop());
  const below = value.slice(end + 1).split("\n", 1)[0];
  const after = !off && end < value.length && below.trim() && !PREFIX[tool].test(below);
  const words = (before ? "\n" : "") + marked.join("\n") + (after ? "\n" : "");
  const from = start + (before ? 1 : 0);
  const to = from + marked.join("\n").length;
  const grown = marked[0].length - lines[0].length;
  const caret = Math.max(from, selectionStart + (before ? 1 : 0) + grown);
  type(field, start, end, words, lines.length > 1 ? from : caret, lines.length > 1 ? to : caret);
};

const footnote = (field) => {
  const { value, selectionEnd: at } = field;
  const used = [...value.matchAll(/\[\^(\d{1,4})\]/g)].map((found) => Number(found[1]));
  const name = `[^${Math.max(0, ...used) + 1}]`;
  const rest = value.slice(at).replace(/\s+$/, "");
  const gap = /^\[\^[^\]]+\]:/m.test(rest.split("\n").pop()) ? "\n" : "\n\n";
  const words = `${name}${rest}${gap}${name}: `;
  type(field, at, value.length, words, at + words.length, at + words.length);
};

const place = (field, number) => {
  const { value, selectionEnd } = field;
  const name = `[[quote ${number}]]`;
  const there = value.indexOf(name);
  if (there >= 0) {
    type(field, there, there + name.length, name, there, there + name.length);
    return;
  }
  // On a line of its own, behind the paragraph of the caret.
  const stop = value.slice(selectionEnd).search(/\n\s*\n/);
  const at = stop < 0 ? value.replace(/\s+$/, "").length : selectionEnd + stop;
  const words = (at ? "\n\n" : "") + name;
  type(field, at, at, words, at + words.length, at + words.length);
};

const use = (field, button) => {
  const { tool } = button.dataset;
  if (MARKS[tool]) emphasise(field, MARKS[tool]);
  else if (PREFIX[tool]) mark(field, tool);
  else if (tool === "link") link(field, button.dataset.words);
  else if (tool === "footnote") footnote(field);
  else if (tool === "place") place(field, button.dataset.number);
};

// One button for each quote, in the rows below the text.
const offerPlaces = (bar) => {
  const [first, ...others] = bar.querySelectorAll("[data-tool=place]");
  if (!first) return;
  first.dataset.label ??= first.getAttribute("aria-label");
  others.forEach((button) => button.remove());
  const rows = document.querySelectorAll("[data-rows=quotes] > [data-row]").length;
  let last = first;
  for (let number = 1; number <= Math.max(1, rows); number += 1) {
    const button = number === 1 ? first : first.cloneNode(true);
    button.dataset.number = String(number);
    button.querySelector("[data-number]").textContent = String(number);
    button.setAttribute("aria-label", first.dataset.label.replace("__n__", String(number)));
    button.title = button.getAttribute("aria-label");
    if (number > 1) {
      button.tabIndex = -1;
      last.after(button);
    }
    last = button;
  }
};

// The toolbar is one stop for Tab; arrows, Home and End go from tool to tool.
const walk = (bar, event) => {
  const tools = [...bar.querySelectorAll("[data-tool]")];
  const at = tools.indexOf(document.activeElement);
  const forth = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const back = forth === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
  const next = { [forth]: at + 1, [back]: at - 1, Home: 0, End: tools.length - 1 }[event.key];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  stopAt(tools, tools[(next + tools.length) % tools.length]).focus();
};

const stopAt = (tools, chosenOne) => {
  for (const tool of tools) tool.tabIndex = tool === chosenOne ? 0 : -1;
  return chosenOne;
};

const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

// By the letter, or where the keyboard writes another script, by the key's place.
const letterOf = (event) => (/^[a-z]$/i.test(event.key) ? event.key : event.code.replace(/^Key/, "")).toUpperCase();

const furnish = (template) => {
  const field = document.getElementById(template.dataset.toolbar);
  if (!field) return;
  const bar = document.importNode(template.content, true).querySelector("[role=toolbar]");
  const keys = new Map();
  for (const button of bar.querySelectorAll("[data-tool]")) {
    const { key } = button.dataset;
    button.title = button.getAttribute("aria-label") + (key ? ` (${APPLE ? "⌘" : "Ctrl+"}${key})` : "");
    if (!key) continue;
    keys.set(key, button);
    button.setAttribute("aria-keyshortcuts", `${APPLE ? "Meta" : "Control"}+${key}`);
  }
  offerPlaces(bar);
  document.addEventListener("rows-changed", () => offerPlaces(bar));
  stopAt([...bar.querySelectorAll("[data-tool]")], bar.querySelector("[data-tool]"));
  field.before(bar);
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tool]");
    if (!button) return;
    stopAt([...bar.querySelectorAll("[data-tool]")], button);
    use(field, button);
  });
  bar.addEventListener("keydown", (event) => walk(bar, event));
  field.addEventListener("keydown", (event) => {
    const wanted = APPLE ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
    const button = wanted && !event.altKey && !event.shiftKey ? keys.get(letterOf(event)) : null;
    if (!button) return;
    event.preventDefault();
    use(field, button);
  });
};

document.querySelectorAll("template[data-toolbar]").forEach(furnish);
