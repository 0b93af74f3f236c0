// Files go to the hub as they are and come back as downloads: nothing that
// somebody sent is ever shown inside the page.

const FILE_ICON = "M13.5 3H6.8A1.8 1.8 0 0 0 5 4.8v14.4A1.8 1.8 0 0 0 6.8 21h10.4a1.8 1.8 0 0 0 1.8-1.8V8.5zM13.5 3v5.5H19";
const CROSS_ICON = "M7 7l10 10M17 7L7 17";
const LOAD_ICON = "M12 5v10M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14";

// upload sends a file and resolves to what the hub made of it. It puts the
// way to stop it on the entry.
function upload(f, token, progress) {
  return new Promise((yes, no) => {
    const x = new XMLHttpRequest();
    f.stop = () => x.abort();
    x.open("POST", hub("file"));
    x.setRequestHeader("X-Hark-Token", token);
    x.setRequestHeader("X-Hark-Name", encodeURIComponent(brief(f.name)));
    x.upload.onprogress = (e) => progress(e.loaded / e.total);
    x.onloadend = () => {
      let answer = {};
      try {
        answer = JSON.parse(x.responseText);
      } catch { /* nothing that could be read: it did not work */ }
      if (x.status === 201) yes(answer);
      else no(answer.text || tell("missing"));
    };
    x.send(f.data.slice()); // without the type that the browser guesses
  });
}

// brief leaves the ends of a long name.
function brief(name) {
  return clean(name.length > 90 ? name.slice(0, 60) + "…" + name.slice(-25) : name);
}

// save gives the visitor bytes as a file. They never have a type that a
// browser would open.
function save(blob, name) {
  const a = el("a", { href: URL.createObjectURL(new Blob([blob], { type: "application/octet-stream" })), download: name });
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 60000);
}

// fileRow shows a file: name, type, size, and a button that does what can be
// done with it now.
function fileRow(f) {
  const about = el("div", { class: "meta" }, el("bdi", {}, f.type), f.type ? " · " : "", el("bdi", {}, bytes(f.size)));
  f.row = el("div", { class: "file" }, icon(FILE_ICON), el("div", {}, el("bdi", {}, f.name), about));
  f.says = (...s) => about.replaceChildren(...s);
  f.does = (key, path, act) => {
    if (f.button) f.button.remove();
    f.button = button("mini", tell(key, { name: f.name }), path, act);
    f.row.append(f.button);
  };
  return f.row;
}

// stored shows a file that the hub has.
function stored(f) {
  const row = fileRow(f);
  f.does("download", LOAD_ICON, async () => {
    f.button.disabled = true;
    try {
      const answer = await ask("file/" + f.id, { headers: { "X-Hark-Token": chat.token } }, FILE_WAIT);
      save(await answer.blob(), f.name);
    } catch {
      f.says(tell("missing"));
    }
    f.button.disabled = false;
  });
  return row;
}

// transcript gives the visitor a copy of the conversation.
async function transcript() {
  const body = new URLSearchParams({ token: chat.token, lang: language });
  const answer = await ask("transcript", { method: "POST", body });
  save(await answer.blob(), "chat-" + new Date().toISOString().slice(0, 10) + ".txt");
}
