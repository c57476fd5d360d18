// The task pane: the language of the texts, and a command per button. Ribbon buttons run through the same function.
const texts = JSON.parse(document.getElementById("pane-texts").textContent);
const reply = document.getElementById("reply");
const buttons = [...document.querySelectorAll("[data-command]")];
const REMEMBERED = "klantwaarde-language";
// A workbook may hold a sheet of this name that tells the client which sheets to send. Naming sheets ourselves, always,
// makes the client refuse such a workbook: what is calculated is never chosen by a workbook.
const SETTINGS_SHEET = "xlwings.conf";

let language = "nl";

function speak(wanted) {
  language = wanted === "en" ? "en" : "nl";
  document.documentElement.lang = language;
  for (const button of buttons) {
    button.title = button.dataset[language === "en" ? "tipEn" : "tipNl"];
  }
  for (const choice of document.querySelectorAll("[data-language]")) {
    choice.setAttribute("aria-pressed", String(choice.dataset.language === language));
  }
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // a browser that keeps nothing
  }
}

function choose(wanted) {
  speak(wanted);
  try {
    localStorage.setItem(REMEMBERED, language);
  } catch {
    return; // the choice then lasts as long as the pane
  }
}

// Errors of Office and of the client are technical: those that a user can meet are told in words.
function plainly(message) {
  if (/PayloadSizeLimit|payload size|5 ?MB|too many cells/i.test(message)) {
    return texts[language].too_many_cells;
  }
  return /'include' or 'exclude'/.test(message) ? texts[language].settings_sheet : message;
}

function say(text) {
  reply.textContent = text;
  reply.className = "";
  reply.setAttribute("role", "status");
  reply.hidden = false;
}

function busy(isBusy) {
  document.querySelector("main").setAttribute("aria-busy", String(isBusy));
  for (const button of buttons) {
    button.setAttribute("aria-disabled", String(isBusy));
  }
}

async function run(command) {
  const button = buttons.find((one) => one.dataset.command === command);
  if (button.getAttribute("aria-disabled") === "true") {
    return;
  }
  const running = texts[language].running.replace("{command}", button.dataset[language]);
  busy(true);
  say(running);
  try {
    const auth = await globalThis.getAuth();
    await globalThis.xlwings.runPython({
      scriptName: command,
      auth: auth.token,
      headers: { "Auth-Provider": auth.provider },
      include: button.dataset.sheets,
      exclude: button.dataset.sheets ? "" : SETTINGS_SHEET,
      args: [language],
    });
  } finally {
    busy(false);
    if (reply.textContent === running) {
      say(texts[language].done.replace("{command}", button.dataset[language]));
    }
  }
}

globalThis.klantwaarde = { run, plainly };

for (const button of buttons) {
  button.addEventListener("click", () => run(button.dataset.command));
}
for (const choice of document.querySelectorAll("[data-language]")) {
  choice.addEventListener("click", () => choose(choice.dataset.language));
}
speak(remembered() ?? "nl");
Office.onReady(() => {
  if (remembered() === null) {
    speak(Office.context.displayLanguage?.toLowerCase().startsWith("nl") ? "nl" : "en");
  }
});
