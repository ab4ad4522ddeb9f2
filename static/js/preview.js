// Shows a form's text as it will be published while it is being typed.
//
// <form data-preview-url="…" data-preview-updated="…" data-preview-failed="…"> with <* data-preview> for the
// returned HTML fragment and <* data-preview-state role="status"> for one sentence, inside the form or anywhere
// on the page. The region itself is not announced: nobody wants a whole statement read out at every pause.

import { typedBefore } from "./beforehand.js";

const IDLE = 400;

const sentence = (place, words) => {
  if (place && place.textContent !== words) place.textContent = words;
};

const fragment = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  return [...page.body.childNodes].map((node) => document.importNode(node, true));
};

const find = (form, selector) => form.querySelector(selector) ?? document.querySelector(selector);

const watch = (form) => {
  const region = find(form, "[data-preview]");
  const state = find(form, "[data-preview-state]");
  if (!region) return;
  let timer = 0;
  let asking = null;

  const show = async () => {
    asking?.abort();
    const mine = (asking = new AbortController());
    const fields = new FormData(form);
    try {
      const answer = await fetch(form.dataset.previewUrl, {
        method: "POST",
        body: fields,
        credentials: "same-origin",
        headers: { "X-CSRFToken": fields.get("csrf_token") ?? "" },
        redirect: "error",
        signal: mine.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (mine.signal.aborted) return;
      region.replaceChildren(...fragment(html));
      sentence(state, form.dataset.previewUpdated ?? "");
    } catch (problem) {
      if (problem.name !== "AbortError") sentence(state, form.dataset.previewFailed ?? "");
    }
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(show, IDLE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("rows-changed", later);
  if (typedBefore(form)) later();
};

document.querySelectorAll("form[data-preview-url]").forEach(watch);
