// Bubbles is the list of messages: first what the hub has, in its order, then
// what still waits here. A message keeps its element when it gets its place,
// so that nothing jumps and nothing is read out twice.
class Bubbles {
  constructor(view) {
    this.view = view;
    this.log = view.log;
    this.clear();
  }

  clear() {
    this.log.replaceChildren();
    this.waiting = new Map(); // by the message's own identifier
    this.known = new Set(); // messages of the visitor's that the hub has
    this.newest = null; // the last message of the visitor's that the hub has
  }

  // item shows what the hub says happened.
  item(it) {
    const at = new Date(it.at);
    if (it.kind !== "message") return this.place(el("p", { class: "event" }, happened(it.kind)), at);
    if (it.mine) this.known.add(it.client);
    const own = it.mine && this.waiting.get(it.client);
    if (own) {
      this.waiting.delete(it.client);
      if (this.firstWaiting() && own.compareDocumentPosition(this.firstWaiting()) & Node.DOCUMENT_POSITION_PRECEDING) {
        this.place(own, at);
      }
      return this.delivered(own, at);
    }
    const b = this.bubble(it, at);
    this.place(b, at);
    if (it.mine) this.delivered(b, at);
  }

  // wait shows a message of the visitor's that the hub does not have.
  wait(m) {
    if (this.waiting.has(m.id)) return;
    const at = new Date(m.at);
    const b = this.bubble({ mine: true, text: m.text }, at);
    b.at = at;
    this.log.append(b);
    this.join(b);
    this.waiting.set(m.id, b);
    this.show();
    this.mark(m.id, "Waiting to be sent", "unsent");
  }

  // mark says how far a waiting message has got.
  mark(id, words, kind) {
    const b = this.waiting.get(id);
    if (!b) return;
    b.classList.toggle("unsent", kind === "unsent");
    b.classList.toggle("failed", kind === "failed");
    b.lastChild.textContent = words;
  }

  delivered(b, at) {
    b.classList.remove("unsent", "failed");
    if (this.newest && this.newest !== b) this.newest.lastChild.textContent = clock.format(this.newest.at);
    this.newest = b;
    b.at = at;
    b.lastChild.textContent = clock.format(at) + " · Delivered";
  }

  bubble(it, at) {
    const text = el("div", { class: "text", dir: "auto" });
    text.append(...(it.mine ? [it.text] : linked(it.text)));
    const b = el("div", { class: it.mine ? "message mine" : "message" }, text, el("div", { class: "meta" }, clock.format(at)));
    b.author = it.mine ? "" : it.author || "";
    if (!it.mine) b.prepend(el("div", { class: "author", dir: "auto" }, b.author || "Support"));
    return b;
  }

  firstWaiting() { return this.waiting.values().next().value || null; }

  // place puts an element behind what the hub has and before what waits.
  place(b, at) {
    b.at = at;
    const next = this.firstWaiting();
    const line = next && next.previousElementSibling;
    if (line && line.classList.contains("day")) line.remove(); // join draws it anew
    this.log.insertBefore(b, next);
    this.join(b);
    if (next) this.join(next);
    this.show();
  }

  show() {
    if (this.view.following) this.view.toEnd();
  }

  // join relates an element to the one before: another day gets a line, the
  // same author within some minutes gets one block.
  join(b) {
    let before = b.previousElementSibling;
    if (!before || dayOf(before.at) !== dayOf(b.at)) {
      const line = el("p", { class: "day" }, dayOf(b.at));
      line.at = b.at;
      if (!before || !before.classList.contains("day") || before.textContent !== line.textContent) b.before(line);
      before = null;
    }
    const same = Boolean(before) && before.classList.contains("message") && b.classList.contains("message") &&
      before.classList.contains("mine") === b.classList.contains("mine") &&
      before.author === b.author && b.at - before.at < 180000;
    b.classList.toggle("follows", same);
    if (same) before.classList.add("joined");
  }
}

function happened(kind) {
  if (kind === "resolved") return "This conversation was closed. Write again whenever you like.";
  if (kind === "reopened") return "This conversation is open again.";
  return "Something happened that this page does not know.";
}
