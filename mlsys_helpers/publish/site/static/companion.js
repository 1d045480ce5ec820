// What a page does without a kernel: predictions, quizzes, explorers. Without scripts every page can still be read.
"use strict";

// What a reader did stays in this browser (storage.js stands in where that is refused).
const memory = {
  get: id => JSON.parse(localStorage.getItem(`companion ${id}`)) ?? undefined,
  put: (id, value) => localStorage.setItem(`companion ${id}`, JSON.stringify(value)),
  forget: id => localStorage.removeItem(`companion ${id}`),
};

const dataOf = element => JSON.parse(element.querySelector("script[type='application/json']").textContent);

function say(box, tone, lead, text) {
  box.className = `companion-said ${tone}`;
  box.innerHTML = `<strong>${lead}</strong> ${text}`;
}

// Predictions: the first answer is kept; the result is shown once there is one, or to whoever asks for it.

function askPrediction(form) {
  const id = form.dataset.id, said = form.querySelector(".companion-said"), button = form.querySelector("button");
  const told = () => {
    const made = memory.get(id);
    for (const radio of form.elements[id]) {
      radio.checked = radio.value === made;
      radio.disabled = radio.value !== made;
    }
    button.setAttribute("aria-disabled", "true");
    button.textContent = "Committed";
    say(said, "", "You predicted:", `${asHtml(made)}. Read on to see.`);
  };
  form.addEventListener("submit", event => {
    event.preventDefault();
    if (memory.get(id)) return;
    const chosen = form.elements[id].value;
    if (!chosen) return say(said, "", "", "Choose an answer first, then commit.");
    memory.put(id, chosen);
    told();
    for (const card of document.querySelectorAll(".companion-reveal")) if (card.dataset.id === id) reveal(card);
  });
  if (memory.get(id)) told();
}

function hide(card) {
  const result = card.querySelector(".companion-result"), said = card.querySelector(".companion-said");
  result.hidden = true;
  said.innerHTML = "Commit your prediction above, and the result appears here. ";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Show it without a prediction";
  button.addEventListener("click", () => reveal(card));
  said.append(button);
}

function reveal(card) {
  const said = card.querySelector(".companion-said"), made = memory.get(card.dataset.id);
  card.querySelector(".companion-result").hidden = false;
  if (!made) return say(said, "", "Your prediction:", "none.");
  const right = made === card.dataset.right;
  say(said, right ? "right" : "wrong", "You predicted:", `${asHtml(made)}, which is ${right ? "right" : "not what came out"}.`);
}

// Quizzes

const LEADS = { right: "Right.", part: "Partly right.", wrong: "Not yet.", "": "" };

class Question {
  constructor(form) {
    this.form = form;
    this.data = dataOf(form);
    this.said = form.querySelector(".companion-said");
    this.answer = form.querySelector(".companion-answer");
    this.other = form.querySelector(".companion-variant");
    this.kept = memory.get(this.data.id) ?? { variant: 0 };
    form.addEventListener("submit", event => { event.preventDefault(); this.check(); });
    form.addEventListener("click", event => this.move(event.target));
    this.answer.addEventListener("click", () => this.show());
    this.other?.addEventListener("click", () => this.vary());
    if (this.kept.variant) this.ask();
    if (this.kept.response !== undefined) this.restore();
  }

  get control() { return this.form.elements[this.data.id]; }

  get response() {
    if (this.data.type === "ordering") return [...this.form.querySelectorAll("[data-item]")].map(item => item.dataset.item);
    if (this.data.type !== "short_answer") return this.control.value;
    const made = [...this.form.querySelectorAll("[type=checkbox]:checked")].map(box => box.value);
    return { text: this.control.value, made };
  }

  put(response) {
    if (this.data.type === "ordering") {
      const list = this.form.querySelector("ol"), items = [...list.children];
      for (const text of response) list.append(items.find(item => item.dataset.item === text));
    } else if (this.data.type === "short_answer") {
      this.control.value = response.text;
      for (const box of this.form.querySelectorAll("[type=checkbox]")) box.checked = response.made.includes(box.value);
      this.form.querySelector(".companion-rubric").hidden = false;
    } else this.control.value = response;
  }

  // What is missing before an answer can be judged; "" where nothing is.
  missing() {
    if (["multiple_choice", "true_false"].includes(this.data.type)) return this.control.value ? "" : "Choose one of the options first.";
    if (["fill_in", "numeric"].includes(this.data.type)) return this.control.value.trim() ? "" : "Type an answer first.";
    const rubric = this.form.querySelector(".companion-rubric");
    if (!rubric?.hidden || !this.control.value.trim()) return "";
    rubric.hidden = false;
    return "Now mark the points that your answer makes, and check again.";
  }

  check() {
    const missing = this.missing();
    if (missing) return say(this.said, "", "", missing);
    this.kept.response = this.response;
    memory.put(this.data.id, this.kept);
    this.tell();
  }

  tell() {
    const made = judge(this.data, this.kept.response, this.kept.variant);
    this.right = made.right;
    const tone = !made.counted ? "" : made.right ? "right" : made.points ? "part" : "wrong";
    say(this.said, tone, LEADS[tone], made.feedback);
    this.answer.hidden = made.right || !made.counted;
    if (this.other) this.other.hidden = !made.right;
    total();
  }

  restore() {
    this.put(this.kept.response);
    this.tell();
  }

  show() {
    const full = this.data.full ?? this.data.variants[this.kept.variant].full;
    say(this.said, "", "The answer:", full);
    this.answer.hidden = true;
    if (this.other) this.other.hidden = false;
    this.form.querySelector("[type=submit]").focus();
  }

  vary() {
    this.kept = { variant: (this.kept.variant + 1) % this.data.variants.length };
    memory.put(this.data.id, this.kept);
    this.right = false;
    this.ask();
    this.control.value = "";
    this.said.className = "companion-said";
    this.said.innerHTML = this.data.variants[this.kept.variant].prompt;
    this.other.hidden = true;
    this.control.focus();
  }

  ask() {
    this.form.querySelector(".companion-prompt").innerHTML = this.data.variants[this.kept.variant].prompt;
  }

  // Ordering: a button moves its item by one place, keeps the focus, and says where the item is now.
  move(button) {
    const step = Number(button.dataset?.step);
    if (!step) return;
    const item = button.closest("li"), list = item.parentElement;
    const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (other) list.insertBefore(step < 0 ? item : other, step < 0 ? other : item);
    button.focus();
    const place = [...list.children].indexOf(item) + 1;
    say(this.said, "", "", `Number ${place} of ${list.children.length} now: ${asHtml(item.dataset.item)}`);
  }
}

let questions = [];

function total() {
  const box = document.querySelector(".companion-total"), right = questions.filter(one => one.right).length;
  if (box && questions.length) box.textContent = `${right} of ${questions.length} right.`;
}

function forget() {
  for (const { data } of questions) memory.forget(data.id);
  for (const card of document.querySelectorAll(".companion-predict")) memory.forget(card.dataset.id);
  location.reload();
}

// Explorers: a control says which picture; it replaces the old one when it is ready, so that nothing flickers.

function explore(form) {
  const data = dataOf(form), image = form.querySelector("img"), sentence = form.querySelector(".companion-sentence");
  const controls = [...form.querySelectorAll("input, select")];
  const counts = controls.map(one => one.options?.length ?? Number(one.max) + 1);
  const folder = image.getAttribute("src").replace(/[^\/]+$/, ""), loaded = new Map();
  const placeOf = values => values.reduce((place, value, n) => place * counts[n] + value, 0);
  const picture = place => {
    if (!loaded.has(place)) {
      loaded.set(place, new Image());
      loaded.get(place).src = folder + data.files[place];
    }
    return loaded.get(place);
  };
  const nearby = values => {
    for (let n = 0; n < values.length; n++)
      for (const step of [-1, 1]) {
        const near = values.with(n, values[n] + step);
        if (near[n] >= 0 && near[n] < counts[n]) picture(placeOf(near));
      }
  };
  let wanted;
  const show = async () => {
    const values = controls.map(one => Number(one.value)), place = wanted = placeOf(values);
    for (const one of controls.filter(one => one.type === "range")) {
      const text = JSON.parse(one.dataset.texts)[one.value];
      one.setAttribute("aria-valuetext", text);
      one.nextElementSibling.textContent = text;
    }
    const next = picture(place);
    try { await next.decode(); } catch { /* shown as missing, with its words */ }
    if (place !== wanted) return;
    image.src = next.src;
    image.alt = data.sentences[place];
    sentence.textContent = data.sentences[place];
    nearby(values);
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("focusin", () => nearby(controls.map(one => Number(one.value))), { once: true });
}

// What scrolls sideways can be scrolled by keys; what is folded or hidden is printed all the same.

function reachable() {
  for (const box of document.querySelectorAll(".highlight pre, .output pre, .output.text_html, .table-wrapper, .math-block")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => { for (const one of folded) one.open = false; });
addEventListener("resize", reachable);

document.documentElement.classList.add("companion-scripts");
document.querySelectorAll(".companion-predict").forEach(askPrediction);
document.querySelectorAll(".companion-reveal").forEach(card => memory.get(card.dataset.id) ? reveal(card) : hide(card));
questions = [...document.querySelectorAll(".companion-question")].map(form => new Question(form));
document.querySelectorAll("form.companion-explorer").forEach(explore);
document.querySelector(".companion-forget")?.addEventListener("click", forget);
total();
reachable();
