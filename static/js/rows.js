// "Add another" for repeatable groups of fields: clones the <template data-row-template> of a [data-rows] region
// and writes the next number in place of __n__. Without JavaScript the same button submits the form and the page
// comes back with one group more.

const HOLDER = "__n__";
const PARTS = ["name", "id", "for", "aria-describedby", "aria-labelledby"];

const number = (row, index) => {
  for (const node of [row, ...row.querySelectorAll("*")]) {
    for (const part of PARTS) {
      const value = node.getAttribute(part);
      if (value?.includes(HOLDER)) node.setAttribute(part, value.replaceAll(HOLDER, String(index)));
    }
  }
  for (const place of row.querySelectorAll("[data-row-number]")) place.textContent = String(index + 1);
};

// One more than the highest number in use: a gap left by a removed row is never filled with another's fields.
const nextIndex = (region) => {
  const pattern = new RegExp(`^${region.dataset.rows}-(\\d+)-`);
  const used = [...region.querySelectorAll("[name]")].map((field) => Number(pattern.exec(field.name)?.[1] ?? -1));
  return Math.max(-1, ...used) + 1;
};

const add = (region, template, button) => {
  const row = document.importNode(template.content, true).querySelector("[data-row]");
  if (!row) return;
  number(row, nextIndex(region));
  button.before(row);
  row.querySelector("input, textarea, select")?.focus();
  region.dispatchEvent(new CustomEvent("rows-changed", { bubbles: true }));
};

for (const region of document.querySelectorAll("[data-rows]")) {
  const template = region.querySelector("template[data-row-template]");
  const button = region.querySelector("[data-add-row]");
  if (!template || !button) continue;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    add(region, template, button);
  });
}
