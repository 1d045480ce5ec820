// How a response is judged: what mlsys_helpers/quiz/score.py and kit/quantity.py do, said again for a page without
// Python. tests/site holds the two equal over a grid of responses to every question. Feedback is HTML.
"use strict";

const asHtml = text => text.replace(/[&<>]/g, sign => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
const result = (points, feedback, counted = true) => ({ points, right: points === 1, feedback, counted });

function judge(question, response, variant = 0) {
  return JUDGES[question.type](question, response, variant);
}

function judgeChoice(question, response) {
  const option = question.options.find(one => one.text === response);
  return result(option.right ? 1 : 0, option.feedback);
}

// Words, leniently compared

function phrase(text) {
  const plain = text.toLowerCase().replace(/ß/g, "ss").normalize("NFKD").replace(/\p{Mn}/gu, "").replace(/&/g, " and ");
  const spaced = plain.replace(/(?<=[\p{L}\p{N}_])['’]s?(?![\p{L}\p{N}_])/gu, "").replace(/[^\p{L}\p{N}_.%+*\/]+|\.(?!\d)|_/gu, " ");
  let words = spaced.split(/\s+/).filter(Boolean);
  if (["a", "an"].includes(words[0])) words = words.slice(1);
  return words.filter(word => word !== "the").map(american);
}

const american = word =>
  word.replace(/our(?=s?$)/, "or").replace(/(?<=[\p{L}\p{N}_]{3})is(?=(e|ed|es|er|ing|ation|ations)$)/u, "iz");

function samePhrase(said, accepted) {
  if (said.length === accepted.length) return said.every((word, n) => sameWord(word, accepted[n]));
  return sameWord(said.join(""), accepted.join(""));
}

function sameWord(said, accepted) {
  if (said === accepted) return true;
  if (said[0] !== accepted[0] || /\d/.test(said + accepted)) return false;
  return edits(said, accepted) <= Math.min(2, Math.floor(accepted.length / 5));
}

function edits(one, other) {
  let before = [], row = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (let i = 1; i <= one.length; i++) {
    const earlier = before;
    before = row;
    row = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = before[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      row.push(Math.min(before[j] + 1, row[j - 1] + 1, replaced));
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) row[j] = Math.min(row[j], earlier[j - 2] + 1);
    }
  }
  return row.at(-1);
}

function judgeFillIn(question, response) {
  const said = phrase(response);
  if (!said.length) return result(0, "Type a word or a short phrase.", false);
  const near = question.near.find(one => phrase(one.text).join(" ") === said.join(" "));
  if (near) return result(0, near.feedback);
  if (question.accept.some(text => samePhrase(said, phrase(text)))) return result(1, question.feedback);
  return result(0, question.wrong);
}

function judgeOrdering(question, response) {
  const place = item => response.indexOf(item);
  const pairs = question.items.flatMap((first, n) => question.items.slice(n + 1).map(second => [first, second]));
  const kept = pairs.filter(([first, second]) => place(first) < place(second)).length;
  if (kept === pairs.length) return result(1, question.feedback);
  const swap = question.swaps.find(one => place(one.first) > place(one.second));
  const count = `${kept} of ${pairs.length} pairs stand in the right order. `;
  return result(kept / pairs.length, count + (swap ? swap.feedback : question.wrong));
}

function judgeShortAnswer(question, response) {
  if (!response.text.trim()) return result(0, "Write your answer first, in a sentence or two.", false);
  const missing = question.rubric.filter(point => !response.made.includes(point.text));
  const all = question.rubric.length, made = all - missing.length;
  const rest = missing.length
    ? ` Still to make: ${missing.map(point => point.html).join("; ")}.`
    : ` A full answer: ${question.feedback}`;
  return result(made / all, `${made} of ${all} points made.${rest}`);
}

// Numbers with units

const ABOUT = /^(about|approx(\.|imately)?|roughly|around|circa|ca\.?|~|≈|=)\s*/i;
const NUMBER = new RegExp(
  "^(?<sign>[+-]?)\\s*(?:10\\s*(?:\\^|\\*\\*)\\s*(?<power>[+-]?\\d{1,3})" +
  "|(?<digits>\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d{1,3}(?:[ _]\\d{3})+(?:\\.\\d+)?|\\d+\\.?\\d*|\\.\\d+)" +
  "(?:e(?<e>[+-]?\\d{1,3})|\\s*[x×*·⋅]\\s*10\\s*(?:\\^|\\*\\*)?\\s*(?<ten>[+-]?\\d{1,3}))?" +
  "(?:\\s*/\\s*(?<over>\\d+\\.?\\d*))?(?:\\s*(?<word>thousand|million|billion|trillion)\\b)?)", "i");
const WORDS = { thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12 };
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const short = text => quoted(text.length <= 40 ? text : text.slice(0, 37) + "...");
const quoted = text => text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replace(/'/g, "\\'")}'`;

class Unreadable extends Error {}
class WrongDimension extends Error {}

// The number of `question.unit` that a text says; a bare number is in that unit.
function quantity(text, question) {
  const [amount, unitText] = splitNumber(text, question);
  if (!unitText) return amount;
  const [size, kind] = unitSize(unitText, text, question), [wanted, wantedKind] = unitSize(question.unit || "ratio", "", question);
  if (kind !== wantedKind) {
    const told = UNITS.kinds[kind] ?? "another kind of quantity";
    throw new WrongDimension(`'${unitText}' is ${told}, but the question asks for ${question.asked}.`);
  }
  return amount * (size / wanted);
}

function splitNumber(text, question) {
  const ascii = text.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, digit => SUPERSCRIPTS.indexOf(digit)).replace(/[⁻−–]/g, "-").replace(/[\u00a0\u202f\u2009]/g, " ");
  const plain = ascii.trim().replace(ABOUT, "").replace(/\.+$/, "").replace(/^([+-]?)\$\s*(.*)$/, "$1$2 $$");
  const match = NUMBER.exec(plain);
  if (text.length > 80 || !match)
    throw new Unreadable(`${short(text)} does not begin with a number. Type a number and a unit: ${question.example}.`);
  const rest = plain.slice(match[0].length).trim();
  if (rest && ",.0123456789".includes(rest[0]))
    throw new Unreadable(`${short(text)} cannot be read as one number. Write 1.5 with a point, and 1,500 or 1500.`);
  return [amountOf(match.groups, text), rest];
}

function amountOf(part, text) {
  let amount = Number(`${part.sign}${(part.digits ?? "1").replace(/[ ,_]/g, "")}e${Number(part.e ?? part.ten ?? part.power ?? 0)}`);
  if (part.over) {
    if (!Number(part.over)) throw new Unreadable(`${short(text)} divides by zero.`);
    amount /= Number(part.over);
  }
  amount *= WORDS[part.word?.toLowerCase()] ?? 1;
  if (!Number.isFinite(amount)) throw new Unreadable(`${short(text)} is too large a number.`);
  return amount;
}

// How much one of a unit is in base units, and its dimensions as text: units multiplied and divided, left to right.
function unitSize(unitText, text, question) {
  const spelled = /^[x×]$/.test(unitText) ? "ratio"
    : unitText.replace(/%/g, " percent ").replace(/\$/g, " dollar ").replace(/μ/g, "µ").replace(/\bper\b/g, "/")
      .replace(/[·⋅]|(?<=[A-Za-z])-(?=[A-Za-z])/g, "*").trim();
  const unit = "(?:[A-Za-zµ_]+|1)(?:\\^-?[1-9])?";
  if (!new RegExp(`^${unit}(?:\\s*[*/]\\s*${unit}|\\s+${unit})*$`).test(spelled))
    throw new Unreadable(`${short(unitText)} is not a unit. Type a number and a unit: ${question.example}.`);
  let size = 1;
  const powers = {};
  for (const [, sign, name, raised] of spelled.matchAll(/([*\/])?\s*([A-Za-zµ_]+|1)(?:\^(-?[1-9]))?/g))
    for (const [one, turned] of name === "1" ? [] : atoms(name, text, question)) {
      const power = ((sign === "/") !== turned ? -1 : 1) * Number(raised ?? 1);
      size *= one[0] ** power;
      for (const [, kind, times] of one[1].matchAll(/(\w+) (-?\d+)/g)) powers[kind] = (powers[kind] ?? 0) + power * times;
    }
  const kept = Object.keys(powers).filter(kind => powers[kind]).sort();
  return [size, kept.map(kind => `${kind} ${powers[kind]}`).join(", ")];
}

// What a word stands for: one unit, or arithmetic over time where it is GFLOPS.
function atoms(word, text, question) {
  if (/^[kmgtp]b$/.test(word)) {
    const big = word[0].toUpperCase().replace("K", "k");
    throw new Unreadable(`'${word}' could mean bytes or bits: write ${big}B for bytes, ${big}b for bits.`);
  }
  const rate = /^([kKMGTPEZY]?)FLOPS$/.exec(word);
  if (rate) return [[unitNamed(`${rate[1]}FLOP`), false], [unitNamed("s"), true]];
  const count = /^(?:([kmgtpezy])|(kilo|mega|giga|tera|peta|exa|zetta|yotta))?flops?$/i.exec(word);
  const name = count ? (count[1] ?? "").toUpperCase() + (count[2] ?? "").toLowerCase() + "flop" : word;
  const found = unitNamed(name) ?? (name.length >= 3 ? unitNamed(name.toLowerCase()) : undefined);
  if (!found) {
    const known = name.length < 3 ? name : name.toLowerCase();
    throw new Unreadable(`The unit '${known}' in ${short(text)} is not known here. Type for example ${question.example}.`);
  }
  return [[found, false]];
}

function unitNamed(word) {
  for (const name of [word, word.replace(/s$/, "")]) {
    if (Object.hasOwn(UNITS.units, name)) return UNITS.units[name];
    for (const [prefix, factor] of Object.entries(UNITS.prefixes)) {
      const rest = name.slice(prefix.length);
      if (name.startsWith(prefix) && Object.hasOwn(UNITS.units, rest)) return [factor * UNITS.units[rest][0], UNITS.units[rest][1]];
    }
  }
}

// A number as a person writes it: as many digits as it has, three where it has more than six.
function written(value, question) {
  const exact = [1, 2, 3, 4, 5, 6].find(n => Math.abs(Number(value.toExponential(n - 1)) - value) <= 1e-12 * Math.abs(value));
  const text = significant(value, exact ?? 3);
  const powers = text.replace(/e([+-])0*(\d+)/, (_, sign, digits) =>
    " × 10" + (sign === "-" ? "⁻" : "") + [...digits].map(digit => SUPERSCRIPTS[digit]).join(""));
  return `${powers} ${text === "1" ? question.unit : question.plural}`.trim();
}

function significant(value, digits) {
  if (value === 0) return "0";
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 7) return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  const [whole, part] = value.toFixed(Math.max(0, digits - 1 - exponent)).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
}

const close = (typed, expected, tolerance) => expected
  ? Math.abs(typed - expected) <= tolerance * Math.max(Math.abs(typed), Math.abs(expected))
  : Math.abs(typed) <= tolerance;

function judgeNumeric(question, response, variant) {
  let typed;
  try {
    typed = quantity(response, question);
  } catch (error) {
    if (error instanceof WrongDimension || error instanceof Unreadable)
      return result(0, asHtml(error.message), error instanceof WrongDimension);
    throw error;
  }
  const numbers = question.variants[variant];
  if (close(typed, numbers.expected, question.tolerance)) return result(1, numbers.feedback);
  return result(0, `Read as ${written(typed, question)}. ${wrongNumber(question, typed, numbers)}`);
}

function wrongNumber(question, typed, numbers) {
  const mistake = numbers.mistakes.find(one => close(typed, one.value, question.tolerance));
  if (mistake) return mistake.feedback;
  if (typed && numbers.expected && typed / numbers.expected > 0) {
    const power = Math.round(Math.log10(typed / numbers.expected));
    if (power && close(typed, numbers.expected * 10 ** power, question.tolerance)) {
      const times = Math.abs(power) === 1 ? "10" : "10" + [...String(Math.abs(power))].map(digit => SUPERSCRIPTS[digit]).join("");
      return `The digits are right, but the number is too ${power > 0 ? "large" : "small"} by a factor of ${times}: check the prefixes.`;
    }
  }
  return numbers.wrong;
}

const JUDGES = {
  multiple_choice: judgeChoice,
  true_false: judgeChoice,
  fill_in: judgeFillIn,
  ordering: judgeOrdering,
  numeric: judgeNumeric,
  short_answer: judgeShortAnswer,
};
