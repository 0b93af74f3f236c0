// View is what the visitor sees. It knows nothing of the hub.
//
// Rules: everything can be reached and done by keyboard; what changes is said
// to screen readers once; nothing depends on colour or motion alone; the
// site's styles and shortcuts do not reach in, and ours do not reach out.
class View {
  // on has say(text, name, mail, files), typing(text), looked(), opened(), ready(),
  // and more(act).
  constructor(on, door) {
    this.on = on;
    this.door = door;
    this.launcher = door.launcher;
    this.tray = [];
    door.dress(PANEL);
    this.#build();
    this.#wire();
  }

  #build() {
    this.state = el("p", { class: "state", role: "status" }, tell("people"));
    this.log = el("div", { class: "log", role: "log", "aria-relevant": "additions", "aria-label": tell("log"), tabindex: "0" });
    this.typist = el("p", { class: "line typist", role: "status" });
    this.place = el("p", { class: "line place", role: "status" });
    this.panel = el("section", { class: "panel", id: "panel", role: "dialog", "aria-labelledby": "title", tabindex: "-1", hidden: "" },
      this.#head(), this.log, this.typist, this.place, this.#foot(), this.#composer());
    this.door.all.prepend(this.panel);
    this.launcher.setAttribute("aria-controls", "panel");
  }

  #head() {
    this.more = button("icon", tell("menu"), "M12 5.5h0M12 12h0M12 18.5h0", () => this.on.more((x) => x.unfold(this.more.ariaExpanded !== "true")));
    this.more.ariaExpanded = "false";
    this.more.hidden = true;
    return el("header", {}, el("div", {}, el("h2", { id: "title", dir: "auto" }, this.door.title), this.state),
      this.more, button("icon", tell("close"), "M6 9.5l6 6 6-6", () => this.toggle(false)));
  }

  // foot is what stands between the messages and the composer.
  #foot() {
    this.hint = el("p", { class: "hint", role: "alert" });
    this.notice = el("p", { class: "notice", role: "note", "aria-label": tell("notice"), dir: "auto", hidden: "" });
    return this.notice;
  }

  #composer() {
    const field = (key, attributes) => {
      const input = el("input", attributes);
      const label = el("label", {}, tell(key), input);
      return [label, input];
    };
    [this.naming, this.name] = field("name", { maxlength: "60", autocomplete: "name" });
    [this.mailing, this.mail] = field("mail", { type: "email", maxlength: "200", autocomplete: "email", dir: "ltr" });
    this.mailing.hidden = true;
    this.text = el("textarea", { rows: "1", "aria-label": tell("message"), placeholder: tell("write"), id: "text", enterkeyhint: "send" });
    this.sender = button("send", tell("send"), "M12 19V5.5M6 11.2l6-6 6 6");
    this.sender.type = "submit";
    this.needing = el("label", { for: "text", hidden: "" }, tell("message"), " ", tell("needed"));
    this.form = el("form", { novalidate: "" }, this.naming, this.mailing, this.needing, this.chips = el("div", { class: "chips" }), this.hint,
      el("div", { class: "row" }, this.#attach(), this.text, this.sender), this.input);
    return this.form;
  }

  #attach() {
    this.input = el("input", { type: "file", multiple: "", hidden: "" });
    this.input.onchange = () => { this.#add([...this.input.files]); this.input.value = ""; };
    this.opener = button("icon", tell("attach"), "M19.5 11.5l-7.6 7.6a5 5 0 0 1-7-7l8-8a3.3 3.3 0 0 1 4.7 4.7l-8 8a1.6 1.6 0 0 1-2.3-2.3l7-7", () => {
      this.setHint(this.limit);
      this.input.click();
    });
    this.opener.hidden = true;
    return this.opener;
  }

  // allow says how much may be attached; nothing where files are not taken.
  allow(files) {
    this.opener.hidden = !files;
    this.limit = files && tell("limit", { n: count(files.count), size: bytes(files.limit) });
    this.panel.dataset.drop = tell("drop") + "\n" + this.limit;
    this.opener.title = tell("attach") + ". " + this.limit;
  }

  // take empties the tray of files that go with the next message.
  #take() {
    const files = this.tray;
    this.tray = [];
    this.chips.replaceChildren();
    return files;
  }

  // add takes files that were chosen, pasted or dropped.
  #add(files) {
    if (files.length && this.limit && !this.form.hidden) this.on.more((x) => x.add(files));
    return files.length && this.limit;
  }

  #wire() {
    this.form.onsubmit = (e) => { e.preventDefault(); this.submit(); };
    this.text.oninput = () => { this.#fit(); this.setHint(); this.on.typing(this.text.value); };
    this.text.onblur = () => this.on.typing();
    this.text.onpaste = (e) => { if (this.#add([...e.clipboardData.files])) e.preventDefault(); };
    this.panel.ondragover = (e) => {
      if (!this.limit || !e.dataTransfer.types.includes("Files")) return;
      e.preventDefault();
      this.panel.classList.add("over");
    };
    this.panel.ondragleave = (e) => this.panel.contains(e.relatedTarget) || this.panel.classList.remove("over");
    this.panel.ondrop = (e) => {
      this.panel.classList.remove("over");
      if (this.#add([...e.dataTransfer.files])) e.preventDefault();
    };
    this.log.onscroll = () => { this.following = this.#atEnd(); };
    for (const kind of ["keydown", "keypress", "keyup"]) this.door.root.addEventListener(kind, (e) => this.#key(e));
    document.addEventListener("visibilitychange", () => this.on.looked());
    addEventListener("focus", () => this.on.looked());
    new ResizeObserver(() => this.following && this.toEnd()).observe(this.log);
    this.following = true;
    const screen = window.visualViewport;
    if (!screen) return;
    // A keyboard on the screen takes from what is seen, not from the page.
    screen.onresize = screen.onscroll = () => {
      const whole = screen.scale > 1.01;
      this.panel.style.setProperty("--height", whole ? "100dvh" : screen.height + "px");
      this.panel.style.setProperty("--top", whole ? 0 : screen.offsetTop + "px");
    };
  }

  // key keeps typing here from setting off the site's shortcuts.
  #key(e) {
    e.stopPropagation();
    if (e.type !== "keydown" || e.isComposing || e.keyCode === 229) return;
    if (e.key === "Escape" && !this.folds?.()) this.toggle(false);
    if (e.key === "Enter" && !e.shiftKey && e.target === this.text) {
      e.preventDefault();
      this.submit();
    }
  }

  submit() {
    const text = clean(this.text.value);
    if (!text && !this.tray.length) {
      if (this.formal) this.setHint(tell("empty"));
      return this.text.focus();
    }
    if (!this.on.ready()) return;
    this.following = true;
    this.setHint();
    this.text.value = "";
    this.#fit();
    this.on.say(text, clean(this.name.value), clean(this.mail.value), this.#take());
    this.text.focus();
  }

  toggle(open) {
    if (open !== this.panel.hidden) return;
    this.panel.hidden = !open;
    this.launcher.ariaExpanded = String(open);
    if (!open) return this.launcher.focus();
    this.following = true;
    this.on.opened();
    this.#fit();
    this.toEnd();
    (this.form.hidden ? this.panel : this.text).focus({ preventScroll: true });
    this.on.looked();
  }

  // visible tells whether somebody can be reading.
  visible() { return !this.panel.hidden && !document.hidden && document.hasFocus(); }

  // greet is for those who have not written yet.
  greet(title, ...text) {
    this.started();
    this.hello = el("div", { class: "hello" }, icon(CHAT_ICON), el("strong", {}, title), text.join(" "));
    this.log.append(this.hello);
    this.log.scrollTop = 0;
    this.naming.hidden = false;
  }

  started() {
    this.setFormal(false);
    this.naming.hidden = true;
    if (this.hello) this.hello.remove();
  }

  // setFormal makes the composer a form to be answered later.
  setFormal(on) {
    this.formal = on;
    this.mailing.hidden = !on;
    this.door.all.classList.toggle("formal", on);
    this.needing.hidden = !on;
    this.text.required = on;
  }

  // setEnded shows that the visitor ended the chat.
  setEnded(on) {
    this.form.hidden = this.more.hidden = on;
    if (on || this.ended) this.on.more((x) => x.end());
  }

  #fit() {
    this.text.dir = this.text.value ? "auto" : words.dir;
    this.text.style.height = "auto";
    this.text.style.height = Math.min(this.text.scrollHeight, 132) + "px";
  }

  #atEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 48; }

  toEnd() { this.log.scrollTop = this.hello?.isConnected ? 0 : this.log.scrollHeight; }

  // setState shows how the connection is; kind is up, trouble or nothing.
  setState(words, kind) {
    this.#put(this.state, words);
    this.state.className = "state " + (kind || "");
  }

  // setHint says what went wrong and what can be done about it.
  setHint(words = "", act) {
    this.hint.classList.toggle("bad", words !== this.limit);
    if (this.hint.firstChild?.textContent === words) return;
    this.hint.replaceChildren(words);
    if (act) this.hint.append(" ", worded("link", tell("again"), act));
  }

  setNotice(words) {
    this.notice.hidden = !words;
    this.#put(this.notice, words);
  }

  setPlace(words) { this.#put(this.place, words); }

  // put changes a text only when it differs, so that it is said once.
  #put(e, words = "") {
    if (e.textContent === words) return;
    e.textContent = words;
    if (this.following) this.toEnd();
  }

  setTypist(who) {
    const words = who ? tell("typing", { who }) : "";
    if (this.typist.textContent === words) return;
    this.#put(this.typist, words);
    if (who) this.typist.append(el("i", { "aria-hidden": "true" }, el("b"), el("b"), el("b")));
  }
}
