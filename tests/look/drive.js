// Plays a clerk on the page of test_app_js.py and hands in what came of it.
const result = { broken: [] };
document.addEventListener("securitypolicyviolation", (event) => result.broken.push(`${event.violatedDirective} ${event.blockedURI}`));
addEventListener("error", (event) => result.broken.push(event.message));

const $ = (id) => document.getElementById(id);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const type = (input, value, composing = false) => {
  input.value = value;
  input.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: composing }));
};
const press = (target, key, more = {}) =>
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
const leaving = () => !dispatchEvent(new Event("beforeunload", { cancelable: true }));

async function play() {
  type($("q"), "z", true);
  type($("q"), "zh", true);
  type($("q"), "张", true);
  $("q").dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
  await wait(300);

  $("once").elements.name.focus();
  $("once").requestSubmit();
  $("once").requestSubmit();
  await wait(600);
  result.focusAfterErrors = document.activeElement.id;
  $("once").requestSubmit();
  await wait(600);

  const enrol = $("enrol").elements;
  type(enrol.id_doc_no, "11010519491231002x");
  result.derived = [enrol.birth_date.value, [...enrol.sex].find((item) => item.checked)?.value, enrol.birth_date.readOnly, $("birth_date-says").textContent];
  type(enrol.id_doc_no, "110105194912310021");
  result.released = [enrol.birth_date.value, enrol.birth_date.readOnly, $("birth_date-says")];
  enrol.birth_date.value = "2020年1月1日";
  delete enrol.birth_date.dataset.derived;
  type(enrol.id_doc_no, "11010519491231002X");
  result.typedStays = enrol.birth_date.value;

  result.beforeDraft = [leaving(), $("saved").textContent];
  await wait(4600);
  result.afterDraft = [leaving(), $("saved").textContent];

  press(document.body, "/");
  result.slash = document.activeElement.id;
  press(document.body, "n", { altKey: true, code: "KeyN" });
  $("row1").focus();
  press($("row1"), "ArrowDown");
  result.down = document.activeElement.id;
  await wait(300);
  result.rows = [...document.querySelectorAll("#rows a")].map((link) => link.textContent);
  result.pager = $("pager").textContent.trim();

  $("card").value = "叶清禾|女|汉|20200315|竹山县城关镇|420323202003150042|竹山县公安局|20250101-20300101";
  press($("card"), "Enter");
  await wait(300);

  $("break").click();
  await wait(300);
  result.flash = $("flash").textContent;
  $("loses").focus();
  $("loses").click();
  await wait(300);
  result.focusAfterLoss = document.activeElement.id;

  await fetch("/result", { method: "POST", body: JSON.stringify(result) });
}

const giveUp = (error) => fetch("/result", { method: "POST", body: JSON.stringify({ ...result, error: String(error) }) });
addEventListener("load", () => play().catch(giveUp));
