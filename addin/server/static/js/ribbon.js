// A ribbon button runs the command of the same name and shows the pane, where its reply appears.
Office.onReady(() => {
  for (const button of document.querySelectorAll("[data-command]")) {
    const command = button.dataset.command;
    Office.actions.associate(command, async (event) => {
      try {
        await Office.addin.showAsTaskpane();
        await globalThis.klantwaarde.run(command);
      } finally {
        event.completed();
      }
    });
  }
});
