// The browser's own copy of words that the server has not kept yet: the second belt of keeping.js.
//
// In localStorage while somebody is signed in, so that it outlives a crash; in sessionStorage, which goes with the
// tab, once the server says that nobody is. Signing out clears both (Clear-Site-Data).

const PREFIX = "words/";

const safely = (act) => {
  try {
    return act();
  } catch {
    return null; // the browser keeps nothing, or has no room
  }
};

export const nameOf = (writer, publicId, key) => `${PREFIX}${writer}/${publicId || "new"}/${key}`;

// Keeps `entry`; gives whether it is there.
export const write = (name, entry, signedIn) => {
  const [store, other] = signedIn ? [localStorage, sessionStorage] : [sessionStorage, localStorage];
  const words = JSON.stringify(entry);
  safely(() => other.removeItem(name));
  return safely(() => (store.setItem(name, words), store.getItem(name) === words)) ?? false;
};

export const drop = (name) => {
  for (const store of [localStorage, sessionStorage]) safely(() => store.removeItem(name));
};

// Everything that other editors of this writer left: [name, entry, as it stands in the store] each.
const leftOver = (writer, own) => {
  const found = [];
  for (const store of [localStorage, sessionStorage]) {
    for (const name of safely(() => Object.keys(store)) ?? []) {
      if (!name.startsWith(`${PREFIX}${writer}/`) || name === own) continue;
      const kept = safely(() => store.getItem(name));
      const entry = kept && safely(() => JSON.parse(kept));
      if (Array.isArray(entry)) found.push([name, entry, kept]);
    }
  }
  return found;
};

// Only if nothing was typed there since: its editor may be open in another tab.
const dropUnchanged = (name, kept) => {
  for (const store of [localStorage, sessionStorage]) {
    if (safely(() => store.getItem(name)) === kept) safely(() => store.removeItem(name));
  }
};

// What the writer's other editors left goes to the server, each under its own key; gives how many did. `own` is the
// editor of this page, `post` sends a form to be kept.
export const bringBack = async (writer, own, token, post) => {
  let brought = 0;
  for (const [name, entry, kept] of leftOver(writer, own)) {
    const data = new FormData();
    for (const [field, value] of entry) data.append(field, value);
    data.set("csrf_token", token);
    const answer = await post(data).catch(() => null);
    if (!answer?.ok) continue;
    dropUnchanged(name, kept);
    brought += 1;
  }
  return brought;
};

export const dropSaved = (key) => {
  for (const store of [localStorage, sessionStorage]) {
    for (const name of safely(() => Object.keys(store)) ?? []) {
      if (name.startsWith(PREFIX) && name.endsWith(`/${key}`)) safely(() => store.removeItem(name));
    }
  }
};
