// Keeps what was written while the line is down: in this tab only, and gone once the slip is there.
const KEY = "titip";
const form = document.querySelector("form[data-keep]");
const kept = (name) => !["csrf", "draft", "same", "consent"].includes(name);

function save() {
  const values = [...new FormData(form)].filter(([name]) => kept(name));
  sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(values)));
}

function bring() {
  const values = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  if (form.elements.what.value || !values.what) return;
  for (const [name, value] of Object.entries(values)) if (form.elements[name]) form.elements[name].value = value;
}

if (form) {
  bring();
  form.addEventListener("input", save);
  const told = document.querySelector(".offline");
  const tell = () => { told.hidden = navigator.onLine; };
  addEventListener("online", tell);
  addEventListener("offline", tell);
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    tell();
    told.scrollIntoView({ block: "center" });
  });
  tell();
} else {
  sessionStorage.removeItem(KEY);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    document.body.classList.toggle("struk", button.dataset.print === "struk");
    print();
  });
}
