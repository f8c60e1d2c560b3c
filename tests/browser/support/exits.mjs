// The ways in which a page goes away.

/** How a page goes; each resolves with a page on which the store can be opened again. */
export const kExits = {
  navigate: async (page, url) => {
    await page.goto(`${url}away`);
    return page;
  },
  reload: async (page) => {
    await page.reload();
    return page;
  },
  close: async (page) => {
    const context = page.context();
    const closed = page.waitForEvent('close');
    await page.close({ runBeforeUnload: true });
    await closed;
    return context.newPage();
  },
};
