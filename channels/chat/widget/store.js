// What the browser keeps: the visitor's token, how far the conversation was
// read, and what is not sent yet. Nothing is written before the visitor sends
// a first message, and no timer or unload sends it for them. Where the browser
// refuses to keep anything, memory does, for as long as the page lives.
const memory = new Map();
const PREFIX = "hark.";

function keep(key, value) {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    memory.set(PREFIX + key, value);
  }
}

function kept(key) {
  try {
    const value = localStorage.getItem(PREFIX + key);
    if (value !== null) return value;
  } catch { /* blocked: memory has it */ }
  return memory.get(PREFIX + key) ?? null;
}

function forget(key) {
  memory.delete(PREFIX + key);
  try {
    localStorage.removeItem(PREFIX + key);
  } catch { /* blocked: nothing is there */ }
}

function keptKeys() {
  const keys = new Set(memory.keys());
  try {
    for (let i = 0; i < localStorage.length; i++) keys.add(localStorage.key(i));
  } catch { /* blocked */ }
  return [...keys].filter((k) => k.startsWith(PREFIX)).map((k) => k.slice(PREFIX.length));
}

// The outbox: one entry a message, so that tabs which write at the same time
// do not overwrite each other's. Oldest first.
const outbox = {
  list() {
    return keptKeys().filter((k) => k.startsWith("out.")).map((k) => this.entry(k.slice(4)))
      .filter(Boolean).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  },
  entry(id) {
    try {
      const m = JSON.parse(kept("out." + id));
      return m && typeof m.text === "string" ? { ...m, id } : null;
    } catch {
      return null;
    }
  },
  add(m) { keep("out." + m.id, JSON.stringify(m)); },
  remove(id) { forget("out." + id); },
};
