// Stands in for Office.js, outside Excel: a workbook named book.xlsx without sheets, on a Dutch PC (or as the test asks);
// ?conf=INCLUDE gives it a sheet xlwings.conf with that setting.
const wanted = new URLSearchParams(location.search);

const anything = (path) =>
  new Proxy(function () {}, {
    get(_, name) {
      const given = { sync: async () => {}, name: "book.xlsx", items: [], position: 0, address: "Sheet1!B2",
        isNullObject: !wanted.has("conf"), values: [[wanted.get("conf"), "Sheet1"]] };
      if (name in given) return given[name];
      if (name === "then" || name === "toJSON") return undefined;
      return name === Symbol.toPrimitive ? () => "" : anything(`${path}.${String(name)}`);
    },
    apply: () => anything(path),
    construct: () => anything(path),
  });

window.associated = {};
window.ribbon = {};
window.Office = {
  onReady(then) {
    const ready = Promise.resolve({ host: "Excel", platform: "PC" });
    if (then) ready.then(then);
    return ready;
  },
  context: {
    requirements: { isSetSupported: () => true },
    diagnostics: {},
    platform: "PC",
    displayLanguage: wanted.get("display") ?? "nl-NL",
    ui: { displayDialogAsync: () => { throw new Error("a dialog was opened"); } },
  },
  actions: { associate: (id, run) => { window.ribbon[id] = run; } },
  addin: { showAsTaskpane: async () => {} },
  EventType: {},
  AsyncResultStatus: {},
};
window.CustomFunctions = {
  associate: (id, run) => { window.associated[id] = run; },
  Error: class extends Error { constructor(code, message) { super(message); this.code = code; } },
  ErrorCode: { invalidValue: "#VALUE!" },
};
window.Excel = {
  run: async (work) => work(anything("context")),
  RequestContext: function () { return anything("context"); },
};
