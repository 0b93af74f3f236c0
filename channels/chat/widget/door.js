const CHAT_ICON = "M12 3.5c5 0 9 3.3 9 7.6s-4 7.6-9 7.6c-1 0-2-.1-2.9-.4l-4.5 2.2 1.1-3.7C4 15.4 3 13.4 3 11.1c0-4.3 4-7.6 9-7.6z";

// Door is the button, and all that a page pays for until somebody chats.
class Door {
  constructor(act) {
    this.root = host.attachShadow({ mode: "open" });
    this.title = me.dataset.title || tell("title");
    this.badge = el("span", { class: "badge", role: "status", hidden: "" });
    this.launcher = worded("launcher", "", act);
    this.launcher.append(icon(CHAT_ICON), tell("launch"));
    this.launcher.ariaExpanded = "false";
    this.all = el("div", { class: "all", dir: words.dir, lang: language }, el("aside", { class: "dock", "aria-label": this.title }, this.launcher, this.badge));
    this.dress(STYLE);
    this.#night();
    this.root.append(this.all);
  }

  // dress puts styles in by script, which a site's policy on styles allows.
  dress(style) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    this.root.adoptedStyleSheets = [...this.root.adoptedStyleSheets, sheet];
  }

  // night makes it dark where the site or the visitor wants it so.
  #night() {
    const night = matchMedia("(prefers-color-scheme: dark)");
    const theme = () => host.toggleAttribute("dark", me.dataset.theme ? me.dataset.theme === "dark" : night.matches);
    night.addEventListener("change", theme);
    theme();
  }

  setUnread(n) {
    this.badge.hidden = !n;
    if (n) {
      this.badge.textContent = n > 99 ? "99+" : count(n);
      this.badge.ariaLabel = tell("unread", { n: count(n) });
    }
    this.#hint(n);
  }

  // hint counts in the page's title while nobody looks at the page.
  #hint(n) {
    if (this.hinted && document.title === this.hinted) document.title = this.bare;
    this.hinted = "";
    if (!n || !document.hidden) return;
    this.bare = document.title;
    document.title = this.hinted = "(" + n + ") " + this.bare;
  }
}
