// Makes pages livelier; every page works without it.
"use strict";

document.documentElement.classList.add("js");
const zh = document.documentElement.lang.startsWith("zh");

// Countdowns: the same words as the server wrote, kept running.
const clocks = [...document.querySelectorAll("[data-due]")];
const skew = clocks.length ? Date.parse(document.body.dataset.now || "") - Date.now() || 0 : 0;

function tick() {
  for (const clock of clocks) {
    const seconds = Math.trunc((Date.parse(clock.dataset.due) - Date.now() - skew) / 1000);
    const over = seconds < 0;
    const left = Math.abs(seconds);
    const days = Math.floor(left / 86400);
    const two = (number) => String(Math.floor(number)).padStart(2, "0");
    const time = `${two((left % 86400) / 3600)}:${two((left % 3600) / 60)}:${two(left % 60)}`;
    clock.textContent = (zh ? (over ? "已超时 " : "还剩 ") : over ? "overdue by " : "left: ")
      + (days ? `${days}${zh ? " 天 " : " d "}` : "") + time;
    clock.classList.toggle("over", over);
    clock.classList.toggle("soon", !over && seconds < 3600);
  }
}
if (clocks.length) {
  tick();
  setInterval(tick, 1000);
}

// The cited article beside the answer; its link still opens the full page.
const thePanel = () => document.getElementById("panel");
let opener = null;

async function openPanel(link) {
  const panel = thePanel();
  const body = panel.querySelector(".panel-body");
  opener = link;
  try {
    const reply = await fetch(`${link.dataset.panel}?${new URLSearchParams({ words: link.dataset.words.slice(0, 300) })}`);
    if (!reply.ok) throw new Error(String(reply.status));
    body.innerHTML = await reply.text(); // escaped by the server's own template
  } catch {
    body.textContent = body.dataset.failed;
  }
  panel.hidden = false;
  panel.querySelector("[data-close]").focus();
  const mark = body.querySelector("mark");
  if (mark) mark.scrollIntoView({ block: "center" });
}

function closePanel() {
  thePanel().hidden = true;
  if (opener) opener.focus();
}
if (thePanel()) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-panel]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openPanel(link);
    } else if (event.target.closest("[data-close]")) closePanel();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !thePanel().hidden) closePanel();
  });
}

// Uploads: drop a file, see its name and size, learn at once if it is too large.
const upload = document.getElementById("upload");
if (upload) {
  const drop = upload.querySelector(".drop");
  const input = upload.querySelector("input[type=file]");
  const chosen = upload.querySelector(".chosen");
  const check = () => {
    const file = input.files[0];
    const bad = Boolean(file) && file.size > Number(upload.dataset.limit);
    const size = file && (file.size >= 1048576 ? `${(file.size / 1048576).toFixed(1)} MB` : `${Math.ceil(file.size / 1024)} KB`);
    chosen.textContent = file ? (bad ? upload.dataset.tooLarge : `${file.name} · ${size}`) : "";
    chosen.classList.toggle("bad", bad);
    input.setCustomValidity(bad ? upload.dataset.tooLarge : "");
  };
  input.addEventListener("change", check);
  for (const type of ["dragenter", "dragover"]) drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const type of ["dragleave", "drop"]) drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.remove("over"); });
  drop.addEventListener("drop", (event) => { input.files = event.dataTransfer.files; check(); });
}

// A form is sent once, and its button says what is going on.
document.addEventListener("submit", (event) => {
  const pressed = event.submitter || event.target.querySelector("button[data-busy]");
  const button = pressed && pressed.dataset.busy ? pressed : null;
  if (button) setTimeout(() => { button.disabled = true; button.textContent = button.dataset.busy; });
});
// With a model, what stands is shown while the rest is still being written.
async function listen(form) {
  const heard = document.getElementById("heard");
  const list = heard.querySelector("ul");
  const reply = await fetch(form.dataset.stream, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!reply.ok || !reply.body) throw new Error(String(reply.status));
  list.replaceChildren();
  heard.hidden = false;
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = "", part = await reader.read(); !part.done; part = await reader.read()) {
    const events = (rest + part.value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) || [];
      if (name === "claim") list.appendChild(document.createElement("li")).textContent = JSON.parse(data).text;
      if (name === "problem") throw new Error("problem");
      if (name === "page") {
        const page = new DOMParser().parseFromString(JSON.parse(data).html, "text/html"); // the server's own template
        document.getElementById("main").replaceWith(page.getElementById("main"));
        const shown = document.getElementById("answer");
        if (shown) shown.scrollIntoView({ block: "start" });
      }
    }
  }
}
document.addEventListener("submit", (event) => {
  if (!event.target.dataset.stream) return;
  event.preventDefault();
  // Whatever goes wrong on the way, the plain form still works.
  listen(event.target).catch(() => event.target.submit());
});
// A word on an answer is kept without leaving it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.thanks) return;
  event.preventDefault();
  fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, event.submitter)) })
    .then((reply) => {
      if (!reply.ok) throw new Error(String(reply.status));
      const thanks = document.createElement("p");
      thanks.textContent = form.dataset.thanks;
      thanks.setAttribute("role", "status");
      form.replaceWith(thanks);
    })
    .catch(() => form.requestSubmit ? (delete form.dataset.thanks, form.requestSubmit(event.submitter)) : form.submit());
});
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// On a small screen each row of a table becomes a card whose cells carry the words of the heading.
for (const table of document.querySelectorAll(".table-scroll table")) {
  const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  if (!heads.length || heads.length > 9) continue;
  table.classList.add("stacks");
  table.setAttribute("role", "table");
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    [...row.cells].forEach((cell, place) => {
      cell.setAttribute("role", cell.tagName === "TH" ? "columnheader" : "cell");
      if (cell.tagName === "TD" && heads[place]) cell.dataset.head = heads[place];
    });
  }
}

// On a small screen the table of articles starts folded.
const fold = document.querySelector(".contents-fold");
if (fold && matchMedia("(max-width: 56rem)").matches) fold.open = false;
const answer = document.getElementById("answer");
if (answer) answer.scrollIntoView({ block: "start" });
// On a small screen the row of groups scrolls: where you are comes into sight.
for (const here of document.querySelectorAll(".nav [aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });
