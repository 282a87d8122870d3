// The page with two phones: who is played, by which channel, in which language; it looks for news each second.

import { element, toEnd } from "./bubbles.js";
import { Handset, ask, memory } from "./handset.js";
import { HINTS, TO_TRY, WORDS } from "./words.js";

const EACH_MS = 1000;
const page = { cast: null, language: document.documentElement.lang, lines: {}, handset: null, officer: null };
const words = (key) => WORDS[page.language][key] ?? key;
const part = (selector) => document.querySelector(selector);
const phones = Object.fromEntries(
  ["person", "officer"].map((side) => [side, new Handset(part(`#${side} .handset`), { words, arrived, sent })]),
);

start();

async function start() {
  const chosen = memory.read("language");
  if (WORDS[chosen]) page.language = chosen;
  document.querySelectorAll("[data-language]").forEach((each) => {
    each.addEventListener("click", () => speak(each.dataset.language));
  });
  document.querySelectorAll("[data-tab]").forEach((each) => {
    each.addEventListener("click", () => show(each.dataset.tab));
  });
  part("#person .who").addEventListener("change", (event) => playPerson(event.target.value));
  part("#officer .who").addEventListener("change", (event) => playOfficer(Number(event.target.value)));
  part(".with-staff button").addEventListener("click", () => playOfficer(phones.person.withStaff[0]));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  translate();
  await attempt(cast);
  look();
}

/** Learn who can be played, and play whoever was played before. */
async function cast() {
  page.cast = await ask("people");
  const { handsets, officers } = page.cast;
  const known = handsets.some((each) => each.number === memory.read("number"));
  const there = officers.some((each) => each.staff_id === memory.read("officer"));
  const nearest = officers.find((each) => Object.keys(each.asked_area).length) ?? officers[0];
  await playPerson(known ? memory.read("number") : handsets[0].number);
  if (nearest) await playOfficer(there ? memory.read("officer") : nearest.staff_id);
}

async function playPerson(number) {
  page.handset = page.cast.handsets.find((each) => each.number === number);
  memory.write("number", number);
  const every = [
    { channel: "sms", address: page.handset.number },
    { channel: "telegram", address: page.handset.account },
  ];
  page.lines.person = every.filter((each) => page.cast.channels.includes(each.channel));
  await choose("person", memory.read("person channel") ?? "sms");
}

async function playOfficer(staffId) {
  await attempt(async () => {
    const { lines } = await ask(`officers/${staffId}`, {});
    page.officer = page.cast.officers.find((each) => each.staff_id === staffId);
    memory.write("officer", staffId);
    page.lines.officer = lines;
    await choose("officer", memory.read("officer channel") ?? "telegram");
  }, "officer");
  fillSelects();
}

/** Use a channel of one side, or the first there is. */
async function choose(side, channel) {
  const lines = page.lines[side];
  const line = lines.find((each) => each.channel === channel) ?? lines[0];
  memory.write(`${side} channel`, line.channel);
  const subtitle = side === "person" ? grouped(page.handset.number) : page.officer.name;
  await phones[side].open(line, { peer: page.cast.project, subtitle });
  fillSelects();
  redecorate();
}

let busy = false;
let timer = 0;

/** Look for news of both phones, and again after a second while somebody is looking. */
async function look() {
  clearTimeout(timer);
  if (document.visibilityState !== "visible" || busy) return;
  busy = true;
  try {
    await (page.cast ? Promise.all(Object.values(phones).map((each) => each.poll())) : cast());
    part(".away").hidden = true;
    redecorate();
  } catch {
    part(".away").hidden = false;
  }
  busy = false;
  timer = setTimeout(look, EACH_MS);
}

async function attempt(act, side = "person") {
  try {
    await act();
  } catch (refused) {
    phones[side].fault(refused.message);
  }
}

function arrived(handset) {
  const side = handset === phones.person ? "person" : "officer";
  if (document.body.dataset.shown !== side) part(`[data-tab=${side}]`).classList.add("news");
}

/** After a number was used for the first time there is another new one. */
async function sent(handset) {
  if (handset === phones.person && page.handset.new) {
    page.cast = await ask("people");
    page.handset = page.cast.handsets.find((each) => each.number === page.handset.number) ?? page.handset;
    fillSelects();
  }
}

function show(tab) {
  document.body.dataset.shown = tab;
  document.querySelectorAll("[data-tab]").forEach((each) => {
    each.setAttribute("aria-pressed", String(each.dataset.tab === tab));
    if (each.dataset.tab === tab) each.classList.remove("news");
  });
  if (phones[tab]) toEnd(phones[tab].list);
}

function speak(language) {
  page.language = language;
  memory.write("language", language);
  translate();
}

function translate() {
  document.documentElement.lang = page.language;
  document.querySelectorAll("[data-language]").forEach((each) => {
    each.setAttribute("aria-pressed", String(each.dataset.language === page.language));
  });
  document.querySelectorAll("[data-word]").forEach((each) => (each.textContent = words(each.dataset.word)));
  document.querySelectorAll("[data-label]").forEach((each) => {
    each.setAttribute("aria-label", words(each.dataset.label));
    each.setAttribute("title", words(each.dataset.label));
  });
  document.querySelectorAll("textarea").forEach((each) => (each.placeholder = words("write")));
  const hints = HINTS[page.language].map(([title, text]) =>
    element("li", { children: [element("b", { text: title }), element("span", { text })] }),
  );
  part("#hints ol").replaceChildren(...hints);
  fillSelects();
  redecorate();
}

function fillSelects() {
  if (!page.cast) return;
  const numbers = page.cast.handsets.map((each) =>
    option(each.number, [each.new ? words("new_number") : "", grouped(each.number), name(each.area)], page.handset),
  );
  part("#person .who").replaceChildren(...numbers);
  const officers = page.cast.officers.map((each) =>
    option(each.staff_id, [each.name, each.levels.map(name).join(", "), each.areas.map(name).join(", ")], page.officer),
  );
  part("#officer .who").replaceChildren(...(officers.length ? officers : [option("", [words("nobody")])]));
  for (const side of ["person", "officer"]) {
    const made = (page.lines[side] ?? []).map(({ channel }) =>
      element("button", { type: "button", text: channel === "sms" ? "SMS" : "Telegram",
        "aria-pressed": String(channel === phones[side].line?.channel), on: { click: () => choose(side, channel) } }),
    );
    part(`#${side} .channels`).replaceChildren(...made);
  }
}

function option(value, parts, chosen) {
  const selected = chosen && [chosen.number, chosen.staff_id].includes(value);
  return element("option", { value, selected, text: parts.filter(Boolean).join(" · ") });
}

let decorated = "";

/** Offer messages to try that fit what is on the phones now, and say who has the case. */
function redecorate() {
  if (!page.cast) return;
  const near = page.officer && Object.keys(page.officer.asked_area).length ? page.officer : null;
  const area = near ?? page.cast.officers.find((each) => Object.keys(each.asked_area).length);
  const values = { place: area ? name(area.asked_area) : "", ref: phones.person.reference ?? "" };
  const [staffId] = phones.person.withStaff;
  const elsewhere = staffId && !phones.person.withStaff.includes(page.officer?.staff_id);
  const holder = elsewhere ? page.cast.officers.find((each) => each.staff_id === staffId) : null;
  const now = JSON.stringify([page.language, values, holder?.staff_id, phones.person.telegram, phones.officer.telegram]);
  if (now === decorated) return;
  decorated = now;
  for (const side of ["person", "officer"]) phones[side].chips(toTry(side, values));
  part(".with-staff").hidden = !holder;
  part(".with-staff b").textContent = holder ? [holder.name, ...holder.levels.map(name)].join(" · ") : "";
}

function toTry(side, values) {
  const filled = (text) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const started = phones[side].telegram ? [{ label: "/start", text: "/start" }] : [];
  const listed = TO_TRY[page.language][side].map(([label, text]) => ({ label: filled(label), text: filled(text) }));
  return [...(side === "person" ? started : []), ...listed.filter((each) => each.text)];
}

function name(names) {
  return names[page.language] ?? names.en ?? Object.values(names)[0] ?? "";
}

function grouped(number) {
  return number.replace(/^(\+\d{3})(\d{2})(\d{3})(\d+)$/, "$1 $2 $3 $4");
}
