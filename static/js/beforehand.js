// What was typed on a slow line before the scripts had come: no event tells of it any more, but the fields differ
// from what the page brought.

const CHECKED = ["checkbox", "radio"];
const WORDLESS = ["hidden", "file", "submit", "button", "reset", "image"];

const chosenOtherwise = (options) =>
  options.some((option) => option.defaultSelected) &&
  options.some((option) => option.selected !== option.defaultSelected);

const differs = (field) => {
  if (field.options) return chosenOtherwise([...field.options]);
  if (CHECKED.includes(field.type)) return field.checked !== field.defaultChecked;
  return field.defaultValue !== undefined && !WORDLESS.includes(field.type) && field.value !== field.defaultValue;
};

// A page that was gone back to or loaded again shows what was typed into it earlier, which was kept then.
export const isNew = () => performance.getEntriesByType("navigation")[0]?.type === "navigate";

export const typedBefore = (form) => [...form.elements].some(differs);
