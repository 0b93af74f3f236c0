// The hub is where this script came from. Everything the widget asks for goes
// there, and nowhere else.
const me = document.currentScript || document.querySelector('script[src$="/widget.js"]');
const SOCKET = new URL("socket", me.src);
SOCKET.protocol = SOCKET.protocol === "https:" ? "wss:" : "ws:";

// A page that loads the widget twice gets one.
if (document.documentElement.querySelector("hark-chat")) return;

// How long things may take, in milliseconds.
const ANSWER_WAIT = 20000; // from a message to any word of the hub
const PROBE_WAIT = 8000; // from asking whether the hub is there
const DIAL_WAIT = 15000; // from dialling to the hub's welcome
const RETRY_FIRST = 500; // then twice as long each time
const RETRY_MOST = 30000;
const TYPING_EVERY = 3000; // "still typing" to the hub
const OTHER_TAB = 4000; // before a message of another tab is taken over
const TEXT_MOST = 4000; // characters in one message; longer ones are sent in parts

// secret returns n random bytes in the alphabet of base64url.
function secret(n) {
  const bytes = crypto.getRandomValues(new Uint8Array(n));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
