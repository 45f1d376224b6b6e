// Words for a reporter: templates go into the field, and the words are looked at while they are written and before they leave.
// Without this script the server does the same on pages of its own.
const REST_MS = 900;

function insert(select) {
  const text = select.selectedOptions[0]?.dataset.text;
  const field = document.getElementById(select.dataset.templates);
  if (!text) return field.focus();
  const all = [...select.options].map((option) => option.dataset.text);
  field.value = !field.value.trim() || all.includes(field.value) ? text : `${field.value.trimEnd()}\n${text}`;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  const open = field.value.search(/\[tulis[^\]]*\]/);
  if (open >= 0) field.setSelectionRange(open, field.value.indexOf("]", open) + 1);
}

for (const select of document.querySelectorAll("[data-templates]")) {
  select.closest(".picker").querySelector("button")?.addEventListener("click", (event) => {
    event.preventDefault();
    insert(select);
  });
  select.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    insert(select);
  });
}

async function look(form, asks) {
  const words = form.querySelector("[name=words]");
  const sent = new URLSearchParams({ csrf: form.elements.csrf.value, words: words.value, field: words.id });
  for (const name of ["agency", "evidence"]) if (form.elements[name]) sent.set(name, form.elements[name].value);
  if (asks) sent.set("asks", "1");
  const answer = await fetch(form.dataset.look, { method: "POST", body: sent });
  if (!answer.ok) return null;
  const place = form.querySelector("[data-looked]");
  place.innerHTML = await answer.text();
  return place.querySelector(".check");
}

for (const form of document.querySelectorAll("[data-look]")) {
  let timer = 0;
  form.querySelector("[name=words]").addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.target.value.trim().length > 12) timer = setTimeout(() => look(form, false).catch(() => {}), REST_MS);
  });
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (event.submitter?.name === "sure" || event.submitter?.hasAttribute("formaction") || form.dataset.looked) return;
    event.preventDefault();
    // When the look fails, the server looks once more and keeps what was written.
    const found = await look(form, true).catch(() => null);
    if (found) return found.querySelector("button").focus();
    form.dataset.looked = "1";
    form.requestSubmit(event.submitter);
  });
  form.addEventListener("click", (event) => {
    const mend = event.target.closest("[data-mend]");
    if (!mend) return;
    event.preventDefault();
    document.getElementById(mend.dataset.mend).focus();
  });
}

document.addEventListener("keydown", (event) => {
  const busy = event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]");
  if (event.key !== "t" || busy || event.target.closest("input, textarea, select")) return;
  const open = document.querySelector("details.act[open] [data-templates]") ?? document.querySelector("[data-templates]");
  if (!open) return;
  event.preventDefault();
  open.focus();
});
