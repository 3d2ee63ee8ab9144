"use strict";
// Comfort only: every page works without this file. It stands before htmx, so that its listeners hear first.

// --- 输入法: while a syllable is being composed, nothing is asked of the server; 张 is one request, not six

document.addEventListener("input", (event) => {
  if (event.isComposing && event.target.matches("[data-search]")) event.stopImmediatePropagation();
}, true);

document.addEventListener("compositionend", ({ target }) => {
  if (target.matches("[data-search]")) target.dispatchEvent(new Event("input", { bubbles: true }));
});

// --- a form in flight is not sent twice (the idempotency key on the server is what really guards it)

const unsaved = new Set(); // forms with something typed and not yet kept
const release = (form) => form && delete form.dataset.busy;

document.addEventListener("submit", (event) => {
  const form = event.target;
  unsaved.delete(form);
  if (form.method !== "post" || form.target) return;
  if (form.dataset.busy) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.busy = "1";
  setTimeout(release, 8000, form); // an answer that is a download leaves the page standing
}, true);

addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(release));
document.addEventListener("htmx:afterRequest", ({ detail }) => release(detail.elt.closest("form")));
document.addEventListener("htmx:validation:halted", ({ target }) => release(target.closest("form")));

// --- drafts: form[data-draft] names its 存草稿 button, which listens for `autosave`; form[data-unsaved] asks before it is left

const waiting = new Map();

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!form || form.method !== "post") return;
  if (form.hasAttribute("data-unsaved")) unsaved.add(form);
  const button = form.dataset.draft && document.getElementById(form.dataset.draft);
  if (!button) return;
  const words = document.getElementById("saved");
  if (words) words.textContent = "有改动，还没有存";
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => {
    if (form.isConnected && !form.dataset.busy) button.dispatchEvent(new CustomEvent("autosave"));
  }, 4000));
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const { elt, successful } = detail;
  if (successful && elt.form && elt.form.dataset.draft === elt.id) unsaved.delete(elt.form);
});

// a form that came back with errors holds work that is not kept anywhere
const cameBack = () => document.querySelectorAll("form[data-unsaved]:has(.summary)").forEach((form) => unsaved.add(form));
document.addEventListener("DOMContentLoaded", cameBack);
document.addEventListener("htmx:afterSettle", cameBack);

addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});

// --- what is typed while an answer is on its way outlives the form that the answer replaces

const asked = new WeakMap(); // form → its answers as they were sent
let meanwhile = [];
const ticks = (one) => /^(radio|checkbox)$/.test(one.type);
const answer = (one) => (ticks(one) ? one.checked : one.value);

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const form = detail.elt.form || detail.elt.closest("form");
  if (form) asked.set(form, new Map([...form.elements].map((one) => [one, answer(one)])));
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const forms = [detail.target, ...detail.target.querySelectorAll("form")].filter((one) => asked.has(one));
  meanwhile = forms.flatMap((form) => [...form.elements].filter((one) => one.name && !/^(hidden|file)$/.test(one.type) && answer(one) !== asked.get(form).get(one)));
});

document.addEventListener("htmx:afterSwap", () => {
  for (const one of meanwhile) {
    const now = [...document.getElementsByName(one.name)].find((other) => !ticks(other) || other.value === one.value);
    if (now && ticks(now)) now.checked = one.checked;
    else if (now) now.value = one.value;
  }
  meanwhile = [];
});

// --- focus after a swap: what asks for it takes it; it never falls to the body

let held = false;
let lastRow = null; // before the next page came

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const now = document.activeElement;
  lastRow = now.closest("#pager") && detail.target.lastElementChild;
  held = now !== document.body && detail.target.contains(now);
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (document.activeElement !== document.body) return;
  if (lastRow && lastRow.nextElementSibling) {
    lastRow.nextElementSibling.querySelector("a")?.focus();
    lastRow = null;
    return;
  }
  if (!held) return;
  held = false;
  const place = target.querySelector(".summary, h1[tabindex]") || target;
  if (!place.matches("a, button, input, select, textarea, [tabindex]")) place.tabIndex = -1;
  place.focus();
});

const failed = () => {
  const note = document.createElement("p");
  note.className = "note bad";
  note.dataset.hook = "flash";
  note.setAttribute("role", "alert");
  note.textContent = "出错：没有连上服务器，这一步没有办成，您填的内容还在。请检查网络后再试一次。";
  document.getElementById("flash").replaceChildren(note);
};
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:timeout", failed);

// --- 身份证件号 (GB 11643): a whole number fills sex and birth date beside it; the server works them out again

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function readNumber(typed) {
  const number = typed.normalize("NFKC").replace(/\s/g, "").toUpperCase();
  if (!/^\d{17}[\dX]$/.test(number)) return null;
  const sum = weights.reduce((total, weight, i) => total + weight * number[i], 0);
  const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)].map(Number);
  const birth = new Date(Date.UTC(year, month - 1, day));
  const real = birth.getUTCFullYear() === year && birth.getUTCMonth() === month - 1 && birth.getUTCDate() === day;
  return real && "10X98765432"[sum % 11] === number[17] ? { year, month, day, sex: number[16] % 2 ? "男" : "女" } : null;
}

// a fieldset answers to the name as well
const radios = (list) => [...list].filter((item) => item.type === "radio");

function derive(control, value) {
  const field = control && control.closest(".field");
  const owner = field && (field.matches("fieldset") ? field : control);
  if (!field || (control.value && control.type !== "radio" && !control.dataset.derived)) return;
  const codes = { 男: "1", 女: "2" };
  const wanted = (item) => item.value === value || item.value === codes[value];
  if (control.type === "radio") {
    const same = radios(control.form.elements[control.name]);
    if (same.some((item) => item.checked && !item.dataset.derived && !wanted(item))) return; // typed by hand: the server will say
    same.filter(wanted).forEach((item) => { item.checked = true; item.dataset.derived = "1"; });
  } else if (control.matches("select")) {
    [...control.options].filter(wanted).forEach((item) => { item.selected = true; });
  } else {
    control.value = value;
    control.readOnly = true;
  }
  control.dataset.derived = "1";
  if (document.getElementById(`${owner.id}-says`)) return;
  const says = document.createElement("p");
  says.className = "hint done";
  says.id = `${owner.id}-says`;
  says.textContent = "由身份证件号得出";
  field.append(says);
  owner.setAttribute("aria-describedby", `${owner.getAttribute("aria-describedby") || ""} ${says.id}`.trim());
}

function underive(control) {
  if (!control || !control.dataset.derived || !control.readOnly) return;
  control.readOnly = false;
  document.getElementById(`${control.id}-says`)?.remove();
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-idno]") || !target.form) return;
  const beside = (name) => {
    const found = target.form.elements[target.name.replace(/id_doc_no$/, name)];
    return found instanceof RadioNodeList ? radios(found)[0] : found;
  };
  const kind = beside("id_doc_type");
  const number = !kind || ["", "1"].includes(kind.value) ? readNumber(target.value) : null;
  if (number) {
    derive(beside("birth_date"), `${number.year}年${number.month}月${number.day}日`);
    derive(beside("sex"), number.sex);
  } else {
    underive(beside("birth_date"));
    underive(beside("sex"));
  }
});

// --- 身份证阅读器: the line arrives as keys or by paste; it is only handed in, and read by the server

function handIn(input) {
  const button = document.getElementById(input.dataset.cardReader) || input.form.querySelector("button");
  if (input.value.trim()) button.click();
}

document.addEventListener("paste", ({ target }) => {
  if (!target.matches("[data-card-reader]")) return;
  setTimeout(() => {
    if (target.value.split(/[|,，\t]/).length > 5) handIn(target);
  });
});

// --- 行政区划 and the like: what is being typed brings its suggestions; without script it is typed whole, or by code

const asking = new Map();

async function suggest(input) {
  const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(input.value)}`, { headers: { "HX-Request": "true" } });
  if (!answer.ok || document.activeElement !== input) return;
  const offered = await answer.json();
  input.list.replaceChildren(...offered.map((words) => Object.assign(document.createElement("option"), { value: words })));
}

document.addEventListener("input", ({ target, isComposing }) => {
  if (isComposing || !target.matches("[data-suggest]") || !target.list) return;
  clearTimeout(asking.get(target));
  if (target.value.trim() && !/^\d{6} /.test(target.value)) asking.set(target, setTimeout(() => suggest(target).catch(() => {}), 200));
});

// --- form[data-enter]: Enter leads to the next required control without an answer, digits pick by code

const group = (control) => radios(control.form.querySelectorAll(`[name="${control.name}"]`));
const answered = (control) => (control.type === "radio" ? group(control).some((one) => one.checked) : control.value.trim());

function nextGap(from) {
  const all = [...from.form.elements];
  const gap = all.slice(all.indexOf(from) + 1).find((one) => one.required && one.name !== from.name && !one.readOnly && one.offsetParent && !answered(one));
  (gap || from.form.querySelector(".btn.main")).focus();
}

let typed = { digits: "" };

function pickByCode(control, digit) {
  const all = control.type === "radio" ? group(control) : [...control.options];
  const goesOn = typed.name === control.name && all.some((one) => one.value.startsWith(typed.digits + digit));
  typed = { name: control.name, digits: (goesOn ? typed.digits : "") + digit };
  const found = all.find((one) => one.value === typed.digits);
  if (!found) return;
  if (control.type === "radio") {
    found.checked = true;
    found.focus();
  } else {
    control.value = found.value;
  }
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

// --- on a phone the menu is wider than the window: where one is stands in sight

document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// --- keys: listed at /help/keys

const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), select, textarea");

document.addEventListener("keydown", (event) => {
  const { key, code, target } = event;
  if (event.isComposing || event.metaKey) return;
  if (key === "Enter" && target.matches("[data-card-reader]")) {
    event.preventDefault();
    handIn(target);
  } else if (key === "Enter" && event.ctrlKey && target.form) {
    event.preventDefault();
    target.form.requestSubmit(target.form.querySelector(".btn.main"));
  } else if (key === "Enter" && !event.altKey && !event.shiftKey && target.matches("form[data-enter] :is(input, select)")) {
    event.preventDefault();
    nextGap(target);
  } else if (/^\d$/.test(key) && !event.ctrlKey && !event.altKey && target.matches("form[data-enter] :is([type=radio], select)")) {
    event.preventDefault();
    pickByCode(target, key);
  } else if (key === "/" && !event.ctrlKey && !event.altKey && !typing(target)) {
    const find = document.getElementById("find");
    if (find) {
      event.preventDefault();
      find.focus();
      find.select();
    }
  } else if (event.altKey && !event.ctrlKey && !event.shiftKey && /^Key[A-Z]$/.test(code)) {
    const wanted = document.querySelector(`[data-key="${code[3].toLowerCase()}"]`);
    if (wanted) {
      event.preventDefault();
      wanted.focus();
      wanted.click();
    }
  } else if (key === "Escape") {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  } else if ((key === "ArrowDown" || key === "ArrowUp") && !event.altKey && target.closest("tbody tr") && !typing(target)) {
    moveRow(event);
  }
});

// up and down a list: the same link or tick in the next row
function moveRow(event) {
  const row = event.target.closest("tr");
  const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
  const kind = event.target.matches("[type=checkbox]") ? "[type=checkbox]" : "a";
  const place = next && next.querySelector(kind);
  if (!place) return;
  event.preventDefault();
  place.focus();
}
