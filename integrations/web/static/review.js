// The review page: marks follow decisions, selected words go into the form, keys move and decide.
"use strict";

const review = document.getElementById("review");
const groups = [...review.querySelectorAll("li[data-group]")];

function show(group) {
  const rejected = group.querySelector("input[value=reject]").checked;
  group.classList.toggle("stays", rejected);
  for (const mark of review.querySelectorAll(`mark[data-group="${group.dataset.group}"]`)) {
    mark.classList.toggle("stays", rejected);
    mark.classList.toggle("goes", !rejected);
  }
}
review.addEventListener("change", (event) => {
  const group = event.target.closest("li[data-group]");
  if (group) show(group);
});

// Words selected in the text: into the form, ready to be added.
document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  const words = selection.toString().trim();
  const inside = selection.anchorNode && selection.anchorNode.parentElement && selection.anchorNode.parentElement.closest(".segment p");
  if (inside && words && words.length <= 200 && !words.includes("\n")) document.getElementById("add-text").value = words;
});

// J and K move from group to group, A hides, R keeps.
let current = -1;
function go(step) {
  if (!groups.length) return;
  if (current >= 0) groups[current].classList.remove("current");
  current = Math.max(0, Math.min(groups.length - 1, current + step));
  const group = groups[current];
  group.classList.add("current");
  group.querySelector("input:checked").focus();
  group.scrollIntoView({ block: "center" });
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=radio], [type=checkbox]), select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") go(key === "j" ? 1 : -1);
  else if ((key === "a" || key === "r") && current >= 0) {
    const choice = groups[current].querySelector(`input[value=${key === "a" ? "accept" : "reject"}]`);
    choice.checked = true;
    choice.focus();
    show(groups[current]);
  } else return;
  event.preventDefault();
});

// Enter in the field adds the words; it must not finish the review.
document.getElementById("add-text").addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    event.preventDefault();
    review.querySelector("button[value=add]").click();
  }
});
