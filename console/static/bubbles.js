// Drawing a conversation: one list item a message, kept as long as the message stays as it is.

/** Make an element. Everything that people wrote goes through `text`, and so is never read as markup. */
export function element(name, { text, children = [], on = {}, ...attributes } = {}) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false && value !== null) made.setAttribute(key, value === true ? "" : value);
  }
  if (text !== undefined) made.textContent = text;
  made.append(...children.filter(Boolean));
  for (const [event, act] of Object.entries(on)) made.addEventListener(event, act);
  return made;
}

/** Show items in a list, touching only those that changed, and stay at the end where the reader was there. */
export function draw(list, items, acts) {
  const atEnd = nearEnd(list);
  const there = new Map([...list.children].map((each) => [each.dataset.key, each]));
  let place = list.firstElementChild;
  for (const item of withDays(items)) {
    const signature = JSON.stringify(item);
    let row = there.get(item.key);
    if (row?.signature !== signature) {
      const fresh = item.day ? day(item) : bubble(item, acts);
      Object.assign(fresh, { signature });
      fresh.dataset.key = item.key;
      if (row === place && row) place = row.nextElementSibling;
      row?.remove();
      row = fresh;
    }
    there.delete(item.key);
    if (row === place) place = place.nextElementSibling;
    else list.insertBefore(row, place);
  }
  for (const left of there.values()) left.remove();
  if (atEnd) toEnd(list);
}

/** Tell whether the newest message of a list is in sight. */
export function nearEnd(list) {
  return list.scrollHeight - list.scrollTop - list.clientHeight < 80;
}

/** Bring the newest message of a list into sight. */
export function toEnd(list) {
  list.scrollTop = list.scrollHeight;
}

function withDays(items) {
  let last = "";
  return items.flatMap((item) => {
    const date = item.at.slice(0, 10);
    const before = date === last ? [] : [{ key: `d${date}`, day: date }];
    last = date;
    return [...before, item];
  });
}

function day(item) {
  const [, month, date] = item.day.split("-").map(Number);
  return element("li", { class: "day", text: `${date}/${month}` });
}

function bubble(item, acts) {
  const mine = item.direction === "in";
  const row = element("li", { class: `bubble ${mine ? "mine" : "theirs"}${item.waiting ? " waiting" : ""}` });
  const body = element("div", { class: "body", children: [...quoted(item), content(item, acts), foot(item)] });
  row.append(body);
  if (!item.waiting && !mine && item.id && acts.answer) {
    body.addEventListener("click", () => document.getSelection().isCollapsed && acts.answer(item));
    body.append(
      element("button", { type: "button", class: "answer", text: "↩", title: acts.words("answer"),
        "aria-label": acts.words("answer"), on: { click: (event) => { event.stopPropagation(); acts.answer(item); } } }),
    );
  }
  for (const line of item.buttons ?? []) {
    row.append(element("div", { class: "buttons", children: line.map((each) => button(item, each, acts)) }));
  }
  return row;
}

function quoted(item) {
  return item.quote ? [element("div", { class: "quote", text: item.quote })] : [];
}

function content(item, acts) {
  if (item.waiting) {
    const dots = [1, 2, 3].map(() => element("i"));
    return element("div", { class: "dots", role: "img", "aria-label": acts.words("waiting"), children: dots });
  }
  if (item.kind === "photo") {
    return element("img", { src: "static/sample-photo.png", alt: acts.words("photo"), width: 216, height: 144 });
  }
  return element("p", { text: item.kind === "contact" ? `☎ ${acts.words("shared")}` : item.text });
}

function foot(item) {
  if (item.waiting) return null;
  const parts = item.segments > 1 ? [`${item.segments} SMS`] : [];
  return element("small", { text: [...parts, item.at.slice(11, 16)].join(" · ") });
}

function button(item, { label, data }, acts) {
  const tap = () => (item.asks_contact ? acts.contact() : acts.tap(item, data));
  return element("button", { type: "button", text: label, on: { click: tap } });
}
