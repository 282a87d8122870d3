// One phone of the page: what it shows, what is being written on it, and its talk with the server.

import { draw, element, nearEnd, toEnd } from "./bubbles.js";
import { count } from "./segments.js";

const KEPT_FRESH = 120;
const TALLEST_PX = 112;
const REFERENCE = /\b[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{2}\b/g;

/** Ask the server; a refusal is thrown with the server's own words, and with the field that is wrong. */
export async function ask(path, body) {
  const token = document.querySelector("meta[name=phone-token]").content;
  const headers = { "Content-Type": "application/json", "X-Phone-Token": token };
  const options = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
  const response = await fetch(`api/${path}`, options);
  const answer = await response.json();
  if (!response.ok) throw new Error([answer.field, answer.error].filter(Boolean).join(": "));
  return answer;
}

/** Remember or recall something for as long as the tab lives. */
export const memory = {
  read: (key) => {
    try {
      return JSON.parse(sessionStorage.getItem(`samleng ${key}`));
    } catch {
      return null;
    }
  },
  write: (key, value) => {
    try {
      sessionStorage.setItem(`samleng ${key}`, JSON.stringify(value));
    } catch {
      // Without storage the page only forgets on reload.
    }
  },
};

export class Handset {
  /** `words(key)` gives the page's own words; `arrived()` and `sent()` are called after something came or went. */
  constructor(root, { words, arrived, sent }) {
    Object.assign(this, { root, words, arrived, sent, line: null, known: new Map(), own: [], quoted: null });
    this.sending = Promise.resolve();
    this.atEnd = true;
    this.withStaff = [];
    this.list = this.part(".talk");
    this.input = this.part("textarea");
    this.part("form").addEventListener("submit", (event) => this.submit(event));
    this.part(".answering button").addEventListener("click", () => this.answer(null));
    this.part(".photo").addEventListener("click", () => this.send({ kind: "photo" }));
    this.part(".contact").addEventListener("click", () => this.send({ kind: "contact" }));
    this.input.addEventListener("input", () => this.measure());
    this.list.addEventListener("scroll", () => (this.atEnd = nearEnd(this.list)));
    new ResizeObserver(() => this.atEnd && toEnd(this.list)).observe(this.list);
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
    });
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  get telegram() {
    return this.line?.channel === "telegram";
  }

  get reference() {
    const found = [...this.known.values()].flatMap((each) => each.text.match(REFERENCE) ?? []);
    return found.at(-1) ?? null;
  }

  /** Show another conversation. */
  async open(line, { peer, subtitle }) {
    Object.assign(this, { line, known: new Map(), withStaff: [], loaded: false });
    this.own = memory.read(`own ${line.channel} ${line.address}`) ?? [];
    this.root.dataset.channel = line.channel;
    this.part(".peer").textContent = peer;
    this.part(".line").textContent = subtitle;
    this.answer(null);
    this.fault("");
    this.list.replaceChildren();
    this.measure();
    await this.poll();
  }

  /** Fetch what is new or has changed. What lies far back is taken to stay as it is. */
  async poll() {
    const line = this.line;
    if (!line) return;
    const ids = [...this.known.keys()];
    const floor = ids.length > KEPT_FRESH ? ids.at(-KEPT_FRESH) : 0;
    const fresh = await this.fetchAfter(line, floor);
    if (line !== this.line) return;
    const news = fresh.some((each) => each.direction === "out" && !each.waiting && !this.known.has(each.id));
    this.known = new Map([...[...this.known].filter(([id]) => id <= floor), ...fresh.map((each) => [each.id, each])]);
    this.redraw();
    if (news && this.loaded) this.arrived(this);
    this.loaded = true;
  }

  async fetchAfter(line, after) {
    const found = [];
    let answer;
    do {
      const query = new URLSearchParams({ ...line, after: String(answer?.bubbles.at(-1)?.id ?? after) });
      answer = await ask(`messages?${query}`);
      found.push(...answer.bubbles);
    } while (answer.more && answer.bubbles.length);
    if (line === this.line) {
      this.withStaff = answer.with_staff;
      this.now = answer.now;
      this.part(".clock").textContent = answer.now.slice(11, 16);
    }
    return found;
  }

  redraw() {
    const bubbles = [...this.known.values()];
    const kept = new Set(bubbles.map((each) => each.ref));
    this.keepOwn(this.own.filter((each) => !kept.has(each.ref)));
    const place = (each) => each.id ?? each.after + 0.5;
    const items = [...bubbles, ...this.own].sort((one, other) => place(one) - place(other));
    const keyed = items.map((each) => ({ key: each.id ? `m${each.id}` : each.ref, ...each }));
    draw(this.list, keyed, {
      words: this.words,
      tap: (item, data) => this.send({ kind: "tap", reply_to: item.id, data }),
      contact: () => this.send({ kind: "contact" }),
      answer: this.telegram ? (item) => this.answer(item) : null,
    });
    this.part(".empty").hidden = keyed.length > 0;
  }

  /** Choose the message that the next text answers; none with null. */
  answer(item) {
    this.quoted = item;
    this.part(".answering").hidden = !item;
    this.part(".answering span").textContent = item?.text ?? "";
    if (item) this.input.focus();
  }

  submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    const quoted = this.quoted;
    this.fill("");
    this.answer(null);
    this.send({ kind: "text", text, reply_to: quoted?.id ?? null }, quoted?.text);
  }

  /** Send something after what is being sent already: one phone's messages leave in order. */
  send(message, quote) {
    const line = this.line;
    if (line) this.sending = this.sending.then(() => this.deliver(line, message, quote));
  }

  async deliver(line, message, quote) {
    const after = Math.max(0, ...this.known.keys());
    try {
      const { ref } = await ask("send", { ...line, language: document.documentElement.lang, ...message });
      if (line !== this.line) return;
      this.fault("");
      if (message.kind !== "tap") this.remember({ ref, after, quote, ...message });
      await this.poll();
      toEnd(this.list);
      await this.sent(this);
    } catch (refused) {
      this.fault(refused.message);
      if (message.kind === "text" && !this.input.value) this.fill(message.text);
    }
  }

  /** Keep what this phone sent: the system does not keep every command, but a phone shows it all the same. */
  remember({ ref, after, quote, kind, text }) {
    this.keepOwn([...this.own, { ref, after, quote, kind, text: text ?? "", direction: "in", at: this.now }]);
  }

  keepOwn(own) {
    if (own.length === this.own.length && own.every((each, n) => each === this.own[n])) return;
    this.own = own;
    memory.write(`own ${this.line.channel} ${this.line.address}`, own);
  }

  /** Put a text where it can be looked at before it is sent. */
  fill(text) {
    this.input.value = text;
    this.measure();
    this.input.focus();
  }

  measure() {
    const text = this.input.value;
    const { segments, units, room } = count(text);
    this.part(".count").textContent = text && !this.telegram ? `${segments} SMS · ${units}/${room}` : "";
    this.part(".go").disabled = !text.trim();
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, TALLEST_PX)}px`;
  }

  fault(text) {
    this.part(".fault").textContent = text;
    this.part(".fault").hidden = !text;
  }

  chips(chips) {
    const made = chips.map(({ label, text }) =>
      element("button", { type: "button", text: label, title: text, on: { click: () => this.fill(text) } }),
    );
    this.part(".chips").replaceChildren(...made);
  }
}
