// Text from the other side becomes text nodes and nothing else: there is no
// way from a message to markup.

// el makes an element; strings among the children become text.
function el(name, attributes = {}, ...children) {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  e.append(...children);
  return e;
}

// icon draws a path in a square of 24.
function icon(path) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const p = document.createElementNS(ns, "path");
  p.setAttribute("d", path);
  svg.append(p);
  return svg;
}

// linked returns the pieces of a text with its web addresses as links.
function linked(text) {
  const pieces = [];
  let from = 0;
  for (const m of text.matchAll(/\bhttps?:\/\/[^\s<>"'`]+/gi)) {
    const address = m[0].replace(/[.,;:!?…)\]}]+$/, "");
    const url = webAddress(address);
    if (!url) continue;
    pieces.push(text.slice(from, m.index));
    pieces.push(el("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, address));
    from = m.index + address.length;
  }
  pieces.push(text.slice(from));
  return pieces;
}

function webAddress(s) {
  try {
    const url = new URL(s);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : "";
  } catch {
    return "";
  }
}

// clean leaves out what does not belong in a message: control characters and
// halves of characters.
function clean(s) {
  return s.replace(/\r\n?/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "")
    .replace(/[\ud800-\udfff]/gu, "\ufffd")
    .trim();
}

// parts cuts a long text where words end.
function parts(s) {
  const out = [];
  while (s.length > TEXT_MOST) {
    const at = Math.max(s.lastIndexOf("\n", TEXT_MOST), s.lastIndexOf(" ", TEXT_MOST));
    let cut = at > TEXT_MOST / 2 ? at : TEXT_MOST;
    if (/[\ud800-\udbff]/.test(s[cut - 1])) cut--;
    out.push(s.slice(0, cut).trim());
    s = s.slice(cut).trim();
  }
  if (s) out.push(s);
  return out;
}

// button makes a button that shows an icon and says its name.
function button(kind, label, path, act) {
  const b = el("button", { class: kind, type: "button", "aria-label": label, title: label }, icon(path));
  b.onclick = act;
  return b;
}

// worded makes a button that shows its name.
function worded(kind, label, act) {
  const b = el("button", { class: kind, type: "button" }, label);
  b.onclick = act;
  return b;
}
