// The names of a maker's models, as they are on the market, while one types a model.
"use strict";

// In a block of its own, since all scripts of a page share one scope.
{
  const maker = document.getElementById("manufacturer");
  const model = document.getElementById("model");
  const names = document.getElementById("models");
  let waiting = 0;

  async function suggestModels() {
    const words = `${maker.value} ${model.value}`.trim();
    if (words.length < 2) return;
    try {
      const answer = await fetch(`/api/v1/suggestions?q=${encodeURIComponent(words)}`);
      if (!answer.ok) return;
      const found = (await answer.json()).filter((one) => one.kind === "model");
      const made = `${maker.value.trim().toLowerCase()} `;
      names.replaceChildren(
        ...found.map(({ label }) => {
          const option = document.createElement("option");
          option.value = label.toLowerCase().startsWith(made) ? label.slice(made.length) : label;
          return option;
        }),
      );
    } catch {
      // Without suggestions it is a plain field.
    }
  }

  for (const field of [maker, model]) {
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(suggestModels, 250);
    });
  }
}
