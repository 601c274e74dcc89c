// Suggests the manufacturer's models that are on the market while a seller types one.

import { modelName } from "./draft-form.js";

const PAUSE_MS = 250;

function suggestModels(manufacturer, model, options) {
  let timer = 0;

  async function fetchModels() {
    const query = `${manufacturer.value} ${model.value}`.trim();
    if (query.length < 2) return;
    try {
      const response = await fetch(`/api/v1/suggestions?q=${encodeURIComponent(query)}`);
      if (!response.ok) return;
      const suggestions = await response.json();
      const models = suggestions.filter(({ kind }) => kind === "model");
      options.replaceChildren(
        ...models.map(({ label }) => {
          const option = document.createElement("option");
          option.value = modelName(label, manufacturer.value);
          return option;
        }),
      );
    } catch {
      // Without suggestions it is a plain field.
    }
  }

  for (const field of [manufacturer, model]) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(fetchModels, PAUSE_MS);
    });
  }
}

suggestModels(
  document.getElementById("manufacturer"),
  document.getElementById("model"),
  document.getElementById("models"),
);
