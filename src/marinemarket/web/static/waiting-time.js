// A time to wait, as people say it.

import { messagesFor } from "./messages.js";

const message = messagesFor("waiting");

export function waitingTime(seconds) {
  if (seconds < 120) return message("seconds", { count: Math.ceil(seconds) });
  if (seconds < 7200) return message("minutes", { count: Math.ceil(seconds / 60) });
  return message("hours", { count: Math.ceil(seconds / 3600) });
}
