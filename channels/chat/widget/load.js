// What only some visitors use is loaded when they use it: files and the
// transcript, from the folder more. It shares this scope by way of a list.
let loaded;
let tries = 0;

// more resolves to what more.js offers. A load that failed is tried anew.
function more(chat) {
  const kit = [chat, el, icon, button, worded, tell, count, bytes, clean, hub, ask, outbox, forget, learn, language, FILE_WAIT];
  loaded ??= import(hub("more.js?" + MORE + "." + tries++)).then((m) => m.default(kit));
  loaded.catch(() => { loaded = undefined; });
  return loaded;
}
