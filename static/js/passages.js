// Comments on selected words. Blocks of the text are `.passage[data-block]`; behind each stands a link that leads to
// the comment form with the block chosen, which is all there is without this script.
//
// Here the link fills the form in place, and whoever selects words is offered to comment on them: <template
// data-passage-offer> holds the button, [data-passage-status] says so. The form has passage_block, passage_exact and
// passage_before (all that stands in the block before the words), shows them in [data-passage-chosen], and may have
// `proposed` for other wording, which `suggests` asks for.
// Words of remarks ([data-passage-block] with -start, -last, -end in characters) are highlighted where the browser can.

const LEFT_OUT = ".passage-tools, .footnote-ref, .passage-offer";
const BREAKS = new Set(["P", "BR", "FIGCAPTION", "BLOCKQUOTE", "LI"]);
const IDLE = 300;
const LONGEST_SHOWN = 400;
const BESIDE = 8;

const blocks = [...document.querySelectorAll(".passage[data-block]")];
const form = document.querySelector("[name=passage_block]")?.form;
const offer = document.querySelector("template[data-passage-offer]");
const status = document.querySelector("[data-passage-status]");

// What a reader sees of a block, character by character with its place: single blanks, none at the edges, without the
// links behind it and the marks of footnotes. The same as the server counts.
const readable = (block) => {
  const characters = [];
  let blank = false;
  const put = (character, node, offset) => {
    if (/\s/u.test(character)) {
      blank = characters.length > 0;
      return;
    }
    if (blank) characters.push({ text: " ", node, offset, end: offset });
    blank = false;
    characters.push({ text: character, node, offset, end: offset + character.length });
  };
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      let offset = 0;
      for (const character of node.data) {
        put(character, node, offset);
        offset += character.length;
      }
    } else if (node.nodeType === Node.ELEMENT_NODE && !node.matches(LEFT_OUT)) {
      if (BREAKS.has(node.tagName)) put(" ", node, 0);
      node.childNodes.forEach(visit);
    }
  };
  block.childNodes.forEach(visit);
  return characters;
};

const words = (characters) => characters.map((one) => one.text).join("");

// From which to before which character of a block the range goes.
const covered = (range, characters) => {
  const within = (one) =>
    range.comparePoint(one.node, one.offset) >= 0 && range.comparePoint(one.node, one.end) <= 0 && one.text !== " ";
  const first = characters.findIndex(within);
  return [first, first < 0 ? -1 : characters.findLastIndex(within) + 1];
};

// The selected words as the form takes them; null where nothing of the text is selected.
const selected = () => {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const parts = blocks
    .filter((block) => range.intersectsNode(block))
    .map((block) => ({ block, characters: readable(block) }))
    .map((part) => ({ ...part, covered: covered(range, part.characters) }))
    .filter((part) => part.covered[0] >= 0);
  if (!parts.length) return null;
  const { block, characters, covered: [start] } = parts[0];
  return {
    range: range.cloneRange(),
    block,
    last: parts.at(-1).block,
    before: words(characters.slice(0, start)).trim(),
    exact: parts.map((part) => words(part.characters.slice(...part.covered))).join(" "),
  };
};

// Highlights ------------------------------------------------------------------------------------------

const highlight = (name, ranges) => {
  if (!window.Highlight || !CSS.highlights) return;
  if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
  else CSS.highlights.delete(name);
};

const block_of = (key) => blocks.find((block) => block.dataset.block === key);

const key_of = (link) => new URL(link.href).searchParams.get("on");
const links = [...document.querySelectorAll(".passage-link")];
const name_of = (block) => links.find((link) => key_of(link) === block.dataset.block)?.dataset.place ?? "";

const range_of = (remark) => {
  const { passageBlock, passageStart, passageLast, passageEnd } = remark.dataset;
  const [first, last] = [block_of(passageBlock), block_of(passageLast ?? passageBlock)];
  if (!first || !last) return null;
  const begin = readable(first)[Number(passageStart)];
  const end = readable(last)[Number(passageEnd) - 1];
  if (!begin || !end) return null;
  const range = document.createRange();
  range.setStart(begin.node, begin.offset);
  range.setEnd(end.node, end.end);
  return range;
};

const remarks = [...document.querySelectorAll("[data-passage-block]")];
highlight("remarks", remarks.map(range_of).filter(Boolean));
for (const remark of remarks) {
  const show = () => highlight("remark", [range_of(remark)].filter(Boolean));
  const hide = () => highlight("remark", []);
  remark.addEventListener("pointerenter", show);
  remark.addEventListener("pointerleave", hide);
  remark.addEventListener("focusin", show);
  remark.addEventListener("focusout", hide);
}

// The form --------------------------------------------------------------------------------------------

const shortened = (text) => (text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);

const say = (sentence) => {
  if (status && status.textContent !== sentence) status.textContent = sentence;
};

const fill = (block, exact, before) => {
  const shown = form.querySelector("[data-passage-chosen]");
  form.elements.passage_block.value = block?.dataset.block ?? "";
  form.elements.passage_exact.value = exact;
  form.elements.passage_before.value = before;
  shown.hidden = !block;
  shown.querySelector("[data-passage-whole]").hidden = Boolean(exact);
  shown.querySelector("[data-passage-words]").hidden = !exact;
  shown.querySelector("[data-passage-place]").textContent = block ? name_of(block) : "";
  const quoted = shown.querySelector("[data-passage-quoted]");
  const sheet = block?.closest("[lang]");
  quoted.lang = sheet?.lang ?? "";
  quoted.dir = sheet?.dir || "auto";
  const text = block ? exact || words(readable(block)) : "";
  quoted.textContent = shortened(text);
  propose(text);
};

// Whoever suggests other wording begins with the words that stand there; what was typed already stays.
let given = form?.elements.proposed?.defaultValue;
const propose = (text) => {
  const { proposed, suggests } = form.elements;
  if (!proposed || (proposed.value !== given && suggests.checked)) return;
  given = proposed.value = text;
};

const write = () => {
  const field = form.querySelector("textarea");
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
  say(form.elements.passage_block.value ? (status?.dataset.chosen ?? "") : "");
};

const choose = (block, exact = "", before = "", ranges = []) => {
  fill(block, exact, before);
  highlight("chosen", ranges);
  write();
};

// The offer -------------------------------------------------------------------------------------------

let shown = null;

const withdraw = () => {
  shown?.element.remove();
  shown = null;
};

// Right behind the last block (but in no heading), so that the next Tab leads there; a wide page has it beside the words.
const place = ({ range, last }, element) => {
  (last.closest("h1, h2, h3") ?? last).after(element);
  if (getComputedStyle(element).position !== "absolute") return;
  const words_box = range.getBoundingClientRect();
  const origin = element.offsetParent?.getBoundingClientRect() ?? { left: 0, top: 0 };
  const widest = document.documentElement.clientWidth - element.offsetWidth - BESIDE;
  const left = Math.min(Math.max(BESIDE, words_box.left), Math.max(BESIDE, widest));
  element.style.setProperty("left", `${left - origin.left}px`);
  element.style.setProperty("top", `${words_box.bottom + BESIDE - origin.top}px`);
};

const show = () => {
  if (shown?.element.contains(document.activeElement)) return;
  const found = selected();
  if (!found) {
    withdraw();
    return;
  }
  if (shown && shown.exact === found.exact && shown.before === found.before && shown.block === found.block) return;
  withdraw();
  const element = document.importNode(offer.content, true).firstElementChild;
  shown = { ...found, element };
  // Pressing it must not take the selection away first.
  element.addEventListener("pointerdown", (event) => event.preventDefault());
  element.addEventListener("click", () => {
    const { block, exact, before, range } = found;
    withdraw();
    document.getSelection()?.removeAllRanges();
    choose(block, exact, before, [range]);
  });
  place(found, element);
  say(status?.dataset.offered ?? "");
};

// Browsers disagree on where Tab goes from selected words; here it goes to what was just offered. Escape closes that.
const press = (event) => {
  if (!shown) return;
  if (event.key === "Escape") {
    withdraw();
    say("");
  } else if (event.key === "Tab" && !event.shiftKey && document.activeElement === document.body) {
    event.preventDefault();
    shown.element.querySelector("button").focus();
  }
};

const follow = (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.(".passage-link, [data-passage-clear]");
  if (!link) return;
  const key = key_of(link);
  const block = key ? block_of(key) : null;
  if (key && !block) return;
  event.preventDefault();
  choose(block);
};

if (form) {
  let timer = 0;
  document.addEventListener("click", follow);
  if (offer) {
    document.addEventListener("selectionchange", () => {
      clearTimeout(timer);
      timer = setTimeout(show, IDLE);
    });
    document.addEventListener("keydown", press);
  }
}
