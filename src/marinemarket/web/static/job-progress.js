// Keeps the progress of a job up to date, and shows its outcome once it has ended.

const SHORTEST_MS = 1000;
const LONGEST_MS = 10_000;

async function ask(section) {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const now = page.querySelector("[data-job]");
  if (!now) {
    location.reload();
    return true;
  }
  const progress = section.querySelector("progress");
  const next = now.querySelector("progress");
  const moved = next.value !== progress.value;
  progress.value = next.value;
  for (const part of ["[data-outcome]", "[data-waits]"]) {
    section.querySelector(part).textContent = now.querySelector(part).textContent;
  }
  return moved;
}

async function follow(section) {
  let pause = SHORTEST_MS;
  for (;;) {
    await new Promise((resume) => setTimeout(resume, pause));
    if (document.hidden) continue;
    // What does not move, or cannot be reached, is asked less and less often.
    const moved = await ask(section).catch(() => false);
    pause = moved ? SHORTEST_MS : Math.min(LONGEST_MS, pause * 1.5);
  }
}

for (const section of document.querySelectorAll("[data-job]")) follow(section);
