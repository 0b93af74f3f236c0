const CHAT_ICON = "M12 3.5c5 0 9 3.3 9 7.6s-4 7.6-9 7.6c-1 0-2-.1-2.9-.4l-4.5 2.2 1.1-3.7C4 15.4 3 13.4 3 11.1c0-4.3 4-7.6 9-7.6z";

// View is what the visitor sees. It knows nothing of the hub.
//
// Rules: everything can be reached and done by keyboard; what changes is said
// to screen readers once; nothing depends on colour or motion alone; the
// site's styles and shortcuts do not reach in, and ours do not reach out.
class View {
  // on has say(text, name), typing(on) and looked().
  constructor(on) {
    this.on = on;
    this.host = document.createElement("hark-chat");
    this.root = this.host.attachShadow({ mode: "open" });
    this.build();
    this.dress();
    this.wire();
    // Beside the body, so that what the site does to its body leaves us alone.
    document.documentElement.append(this.host);
  }

  build() {
    this.badge = el("span", { class: "badge", hidden: "" });
    this.launcher = el("button", { class: "launcher", type: "button", "aria-expanded": "false", "aria-controls": "panel" },
      icon(CHAT_ICON),
      el("span", { class: "label" }, "Chat with us"));
    this.state = el("p", { class: "state", role: "status" }, "Answered by people");
    this.closer = el("button", { class: "close", type: "button", "aria-label": "Close the chat" }, icon("M6 9.5l6 6 6-6"));
    this.log = el("div", { class: "log", role: "log", "aria-label": "Messages", tabindex: "0" });
    this.typist = el("p", { class: "typist", role: "status" });
    this.name = el("input", { class: "name", maxlength: "60", autocomplete: "name", "aria-label": "Your name (optional)", placeholder: "Your name (optional)" });
    this.text = el("textarea", { rows: "1", "aria-label": "Message", placeholder: "Write a message…", dir: "auto", enterkeyhint: "send" });
    this.sender = el("button", { class: "send", type: "submit", "aria-label": "Send", title: "Send" }, icon("M12 19V5.5M6 11.2l6-6 6 6"));
    this.form = el("form", {}, this.name, el("div", { class: "row" }, this.text, this.sender));
    this.panel = el("section", { class: "panel", id: "panel", role: "dialog", "aria-labelledby": "title", hidden: "" },
      el("header", {}, el("div", {}, el("h2", { id: "title" }, me.dataset.title || "Chat"), this.state), this.closer),
      this.log, this.typist, this.form);
    this.root.append(this.panel, el("div", { class: "dock" }, this.launcher, this.badge));
  }

  // dress puts the styles in by script, which a site's policy on styles allows.
  dress() {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      this.root.adoptedStyleSheets = [sheet];
    } catch {
      this.root.append(el("style", {}, STYLE));
    }
  }

  wire() {
    this.launcher.onclick = () => this.toggle(this.panel.hidden);
    this.closer.onclick = () => this.toggle(false);
    this.form.onsubmit = (e) => { e.preventDefault(); this.submit(); };
    this.text.oninput = () => { this.fit(); this.on.typing(this.text.value.trim() !== ""); };
    this.text.onblur = () => this.on.typing(false);
    this.log.onscroll = () => { this.following = this.atEnd(); };
    for (const kind of ["keydown", "keypress", "keyup"]) this.root.addEventListener(kind, (e) => this.key(e));
    document.addEventListener("visibilitychange", () => this.on.looked());
    addEventListener("focus", () => this.on.looked());
    new ResizeObserver(() => this.following && this.toEnd()).observe(this.log);
    this.following = true;
  }

  // key keeps typing here from setting off the site's shortcuts.
  key(e) {
    e.stopPropagation();
    if (e.type !== "keydown" || e.isComposing || e.keyCode === 229) return;
    if (e.key === "Escape") this.toggle(false);
    if (e.key === "Enter" && !e.shiftKey && e.target === this.text) {
      e.preventDefault();
      this.submit();
    }
  }

  submit() {
    const text = clean(this.text.value);
    if (!text) return this.text.focus();
    this.text.value = "";
    this.fit();
    this.following = true;
    this.on.say(text, clean(this.name.value));
    this.text.focus();
  }

  toggle(open) {
    if (open !== this.panel.hidden) return;
    this.panel.hidden = !open;
    this.launcher.setAttribute("aria-expanded", String(open));
    if (!open) return this.launcher.focus();
    this.following = true;
    this.toEnd();
    this.text.focus({ preventScroll: true });
    this.on.looked();
  }

  // visible tells whether somebody can be reading.
  visible() { return !this.panel.hidden && !document.hidden && document.hasFocus(); }

  // greet is for those who have not written yet.
  greet() {
    this.hello = el("div", { class: "hello" }, icon(CHAT_ICON), el("strong", {}, "How can we help?"),
      "Write to us and we answer here. You can leave this page and come back: the conversation stays.");
    this.log.append(this.hello);
  }

  started() {
    this.name.hidden = true;
    if (this.hello) this.hello.remove();
  }

  fit() {
    this.text.style.height = "auto";
    this.text.style.height = Math.min(this.text.scrollHeight, 132) + "px";
  }

  atEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 48; }

  toEnd() { this.log.scrollTop = this.log.scrollHeight; }

  // setState shows how the connection is; kind is up, trouble or nothing.
  setState(words, kind) {
    if (this.state.textContent !== words) this.state.textContent = words;
    this.state.className = "state " + (kind || "");
  }

  setTypist(who) {
    const words = who ? who + " is typing" : "";
    if (this.typist.textContent === words) return;
    this.typist.replaceChildren(words);
    if (who) this.typist.append(el("i", { "aria-hidden": "true" }, el("b"), el("b"), el("b")));
    if (this.following) this.toEnd();
  }

  setUnread(n) {
    this.badge.hidden = n === 0;
    this.badge.textContent = n > 99 ? "99+" : String(n);
    this.badge.setAttribute("aria-label", n + (n === 1 ? " new message" : " new messages"));
    this.badge.setAttribute("role", "status");
  }
}
