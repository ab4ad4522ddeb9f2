// On a narrow screen: either the form or its preview. On a wide one they stand side by side, and CSS hides the switch.

const sides = document.querySelector("[data-sides]");
const buttons = [...document.querySelectorAll("[data-side]")];

const show = (side) => {
  sides.dataset.sides = side;
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.side === side));
};

if (sides && buttons.length) {
  show("write");
  // A problem in the form must be reachable from its summary, and a preview that was asked for be seen.
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href^='#field-']")) show("write");
  });
  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.side));
}
