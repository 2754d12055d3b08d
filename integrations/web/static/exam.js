// Keeps answers as they are given: when the time is over, what was kept is marked.
"use strict";

const paper = document.querySelector("form.exam");
const kept = document.querySelector("[data-kept]");
let waiting = null;

async function keep() {
  const answers = new URLSearchParams(new FormData(paper));
  answers.set("save", "yes");
  try {
    const reply = await fetch(paper.action, { method: "POST", body: answers, redirect: "manual" });
    kept.hidden = reply.type !== "opaqueredirect";
  } catch {
    kept.hidden = true;
  }
}

paper.addEventListener("change", () => {
  kept.hidden = true;
  clearTimeout(waiting);
  waiting = setTimeout(keep, 400);
});
