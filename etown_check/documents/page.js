
"use strict";
// Keeps what is filled in in this browser, under a name made of what the page says.
(() => {
  const key = "etown-check:" + document.body.dataset.digest;
  const bar = document.getElementById("kept");
  const said = bar.querySelector("p");
  const button = bar.querySelector("button");
  const fields = [...document.querySelectorAll("main input, main textarea")];
  const ticked = new Map();
  let kept = {};

  const isTick = (field) => field.type === "radio" || field.type === "checkbox";
  const nameOf = (field) => (isTick(field) ? field.name + "." + field.value : field.name);
  const isAsPrinted = (field) =>
    isTick(field) ? field.checked === field.defaultChecked : field.value === field.defaultValue;

  function set(field, value) {
    if (isTick(field)) field.checked = value === true;
    else field.value = String(value);
  }

  function remember(field) {
    if (isAsPrinted(field)) delete kept[nameOf(field)];
    else kept[nameOf(field)] = isTick(field) ? field.checked : field.value;
  }

  function noteTicked() {
    ticked.clear();
    for (const field of fields) if (field.type === "radio" && field.checked) ticked.set(field.name, field);
  }

  function keep() {
    const isNothing = Object.keys(kept).length === 0;
    try {
      if (isNothing) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(kept));
    } catch {
      said.textContent = bar.dataset.notKept;
      button.hidden = true;
    }
    bar.hidden = isNothing;
  }

  function changed(field) {
    for (const one of field.type === "radio" ? document.getElementsByName(field.name) : [field]) remember(one);
    keep();
  }

  function grow(field) {
    if (field.tagName !== "TEXTAREA" || CSS.supports("field-sizing", "content")) return;
    field.style.height = "auto";
    field.style.height = field.scrollHeight + 2 + "px";
  }

  try {
    const found = JSON.parse(localStorage.getItem(key));
    if (found !== null && typeof found === "object") kept = found;
  } catch {
    kept = {};
  }
  for (const field of fields) {
    if (Object.hasOwn(kept, nameOf(field))) set(field, kept[nameOf(field)]);
    grow(field);
  }
  bar.hidden = Object.keys(kept).length === 0;
  noteTicked();

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.type === "radio") ticked.set(field.name, field);
    grow(field);
    changed(field);
  });
  // A second click, or the space bar, takes back what was ticked.
  function untick(field) {
    field.checked = false;
    ticked.delete(field.name);
    changed(field);
  }
  document.addEventListener("click", (event) => {
    if (event.target.type === "radio" && ticked.get(event.target.name) === event.target) untick(event.target);
  });
  // Some browsers make a click of the space bar when it is let go, others none on what is ticked.
  let held = null;
  document.addEventListener("keydown", (event) => {
    held = null;
    if (event.key !== " " || event.target.type !== "radio" || !event.target.checked) return;
    held = event.target;
    untick(held);
    event.preventDefault();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key === " " && event.target === held) event.preventDefault();
  });
  button.addEventListener("click", () => {
    if (!confirm(button.dataset.question)) return;
    kept = {};
    for (const field of fields) {
      set(field, isTick(field) ? field.defaultChecked : field.defaultValue);
      grow(field);
    }
    noteTicked();
    keep();
    document.getElementById("main").focus();
  });
})();
