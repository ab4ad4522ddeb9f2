// The first page of the desk: what a crash left in this browser goes to the server, before signing out clears it.
//
// <script id="bring-back" data-keep-url="…" data-writer="…">, and any form with a token.

import { bringBack } from "./words.js";

const { keepUrl, writer } = document.getElementById("bring-back").dataset;
const post = (data) => fetch(keepUrl, { method: "POST", body: data, credentials: "same-origin", redirect: "manual" });

bringBack(writer, "", document.querySelector("[name=csrf_token]").value, post);
