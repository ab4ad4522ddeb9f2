// Keeps what is being typed: at the server a moment after the last keystroke and when the page goes away, and in
// the browser as long as the server has not got it. Says politely how it stands, and goes on trying.
//
// <form data-keep-url data-keep-page …> with the hidden fields of templates/drafting/_keeping.html; [data-keep-state]
// for the sentence, [data-keep-sign-in] for the way back in, [data-unsaved] for notices, [data-keep-others] for company.

import { isNew, typedBefore } from "./beforehand.js";
import * as words from "./words.js";

const IDLE = 1500;
const LONGEST = 8000;
const COPY = 300;
const AGAIN = 5000;
// A server that is silent for so long is none.
const LONGEST_SENDING = 20_000;

const find = (selector) => document.querySelector(selector);

const say = (sentence, trouble = false, signedOut = false) => {
  find("[data-editor-bar]")?.classList.toggle("is-trouble", trouble);
  const place = find("[data-keep-state]");
  if (place && place.textContent !== sentence) place.textContent = sentence;
  const way = find("[data-keep-sign-in]");
  if (way) way.hidden = !signedOut;
};

const showCompany = (sentences) => {
  const place = find("[data-keep-others]");
  const lines = sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence }));
  place?.replaceChildren(...lines);
};

// The page of the same editor, fetched: for a good token, and for words that are not saved. Null where signed out.
const pageAgain = async (form) => {
  const answer = await fetch(form.dataset.keepPage, { credentials: "same-origin", redirect: "manual" });
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
};

class Keeper {
  constructor(form) {
    this.form = form;
    this.typed = Number(form.elements.number.value);
    this.kept = this.typed;
    this.copied = this.typed;
    this.signedIn = true;
    this.leaving = false;
    this.parting = false;
    this.sending = null;
    this.waitingSince = 0;
    this.name = words.nameOf(form.elements.writer.value, form.elements.public_id.value, form.elements.editor.value);
  }

  watch() {
    const noted = () => this.note();
    for (const kind of ["input", "change", "rows-changed"]) this.form.addEventListener(kind, noted);
    this.form.addEventListener("submit", () => {
      this.leaving = true;
      this.copy();
    });
    document.addEventListener("submit", (event) => this.holdOthers(event));
    addEventListener("visibilitychange", () => (document.hidden ? this.part() : this.soon(0)));
    addEventListener("pagehide", () => this.part());
    addEventListener("pageshow", () => (this.leaving = this.parting = false));
    addEventListener("online", () => this.soon(0));
    addEventListener("focus", () => this.soon(0));
    addEventListener("beforeunload", (event) => {
      if (this.leaving || this.safe()) return;
      event.preventDefault();
      event.returnValue = "";
    });
    if ("keepTyped" in this.form.dataset || (isNew() && typedBefore(this.form))) this.note();
    this.offerBroughtBack();
  }

  // Something was typed.
  note() {
    this.typed += 1;
    this.form.elements.number.value = String(this.typed);
    this.waitingSince ||= Date.now();
    clearTimeout(this.copying);
    this.copying = setTimeout(() => this.copy(), COPY);
    this.soon(Math.min(IDLE, Math.max(0, this.waitingSince + LONGEST - Date.now())));
  }

  soon(pause) {
    clearTimeout(this.timer);
    if (this.kept < this.typed) this.timer = setTimeout(() => this.keep(), pause);
  }

  fields() {
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  // Into the browser, as long as the server has not got it. Gives whether it is safe there.
  copy() {
    if (this.kept >= this.typed) return true;
    const entry = [...this.fields()].filter(([name]) => name !== "csrf_token");
    if (words.write(this.name, entry, this.signedIn)) this.copied = this.typed;
    return this.copied >= this.typed;
  }

  // Whether the tab could be closed now without losing a word.
  safe() {
    return this.kept >= this.typed || (!this.parting && this.copy() && this.signedIn);
  }

  async keep() {
    if (this.sending) return this.sending.then(() => this.soon(0));
    this.sending = this.send().finally(() => (this.sending = null));
    return this.sending;
  }

  async send(second = false) {
    const number = this.typed;
    if (this.kept >= number) return;
    let answer;
    try {
      answer = await this.post(this.fields());
    } catch {
      return this.notKept(this.form.dataset.keepOffline);
    }
    if (answer.ok) return this.done(number, await answer.json());
    if (answer.headers.get("Content-Type")?.includes("json")) {
      return this.notKept((await answer.json()).state, AGAIN * 12);
    }
    if (answer.status >= 500 || second || answer.status === 404 || answer.status === 413) {
      return this.notKept(this.form.dataset.keepOffline);
    }
    if (await this.comeBack()) return this.send(true);
  }

  post(data, more = {}) {
    return fetch(this.form.dataset.keepUrl, {
      method: "POST",
      body: data,
      credentials: "same-origin",
      redirect: "manual",
      signal: AbortSignal.timeout(LONGEST_SENDING),
      ...more,
    });
  }

  done(number, told) {
    this.kept = Math.max(this.kept, number);
    this.signedIn = true;
    say(told.state);
    if (told.others) showCompany(told.others);
    if (this.kept < this.typed) {
      this.waitingSince = Date.now();
      this.soon(IDLE);
    } else {
      this.waitingSince = 0;
      words.drop(this.name);
    }
  }

  notKept(sentence, pause = AGAIN, signedOut = false) {
    say(this.copy() ? sentence : this.form.dataset.keepNowhere, true, signedOut);
    this.soon(pause);
  }

  // The form's token is of another session. Where the same person is signed in again, take the new one.
  async comeBack() {
    let page;
    try {
      page = await pageAgain(this.form);
    } catch {
      this.notKept(this.form.dataset.keepOffline);
      return false;
    }
    const value = (name) => page?.querySelector(`form[data-keep-url] [name=${name}]`)?.value;
    this.signedIn = page !== null && value("writer") === this.form.elements.writer.value;
    if (!this.signedIn) {
      this.notKept(this.form.dataset.keepSignedOut, AGAIN, true);
      return false;
    }
    for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = value("csrf_token");
    return true;
  }

  // The page goes away, perhaps for good.
  part() {
    if (this.kept >= this.typed) return;
    this.copy();
    const number = this.typed;
    const told = (answer) => (answer.ok ? answer.json().then((said) => this.done(number, said)) : null);
    // More than the 64 KB that may outlive a page stays in the browser until the editor is opened again.
    this.post(this.fields(), { keepalive: true }).then(told).catch(() => null);
  }

  // Another form of this page, signing out above all, waits until the words are kept.
  holdOthers(event) {
    if (event.target === this.form || this.kept >= this.typed || this.parting) return;
    event.preventDefault();
    this.keep().finally(() => {
      this.parting = true; // signing out clears the browser's copy: from here on only the server's counts
      event.target.requestSubmit(event.submitter);
    });
  }

  // What other editors left in this browser is offered.
  async offerBroughtBack() {
    const { writer, csrf_token: token } = this.form.elements;
    const post = (data) => this.post(data);
    if (!(await words.bringBack(writer.value, this.name, token.value, post))) return;
    const page = await pageAgain(this.form).catch(() => null);
    const notices = page?.querySelector("[data-unsaved]");
    if (notices) find("[data-unsaved]")?.replaceWith(document.importNode(notices, true));
  }
}

const form = find("form[data-keep-url]");
if (form) {
  find("[data-editor-bar]").hidden = false;
  new Keeper(form).watch();
}
