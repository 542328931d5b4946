// Moving the machine of one page to another page of the same browser, as the reader does it, and what that cost.

/** Opens the dialogs of a move at both ends. */
export async function openDialogs(from, to, site) {
  await to.goto(site.url);
  await to.click("moment-library button:has-text('Take a machine in')");
  await to.waitForSelector("move-dialog dialog[open]");
  await from.locator("machine-toolbar").getByRole("button", { name: "Share" }).click();
  await from.getByRole("menuitem", { name: "Move to another tab" }).click();
  await from.waitForSelector("move-dialog dialog[open]");
}

/** Sends the machine to the tab that waits, and waits until it is there. */
export async function send(from, to) {
  const tab = from.locator("move-dialog button[data-tab]");
  // A tab says that it waits only when its worker hears.
  while ((await tab.count()) === 0) {
    await from.click("move-dialog button:has-text('Look again')");
    await from.waitForTimeout(400);
  }
  await tab.first().click();
  for (const page of [from, to]) await page.waitForSelector("move-dialog >> text=Moved. It stood still");
}

/** The rounds as the dialog shows them, rows of cells, and the milliseconds in which the machine ran nowhere. */
export async function report(page) {
  const rounds = await page.locator("move-dialog tbody tr").allInnerTexts();
  const [, downtime] =
    /stood still for (\d+) ms/.exec(await page.locator("move-dialog p[role=status]").innerText()) ?? [];
  return { rounds: rounds.map((row) => row.split("\t")), downtime: Number(downtime) };
}

/**
 * How far a running machine's virtual time is behind the wall's, milliseconds from a point that is the same for all pages:
 * the least that is seen in so long, as its time is told with some delay.
 */
export function behind(page, forMs = 4000) {
  return page.evaluate(async (patience) => {
    const end = performance.now() + patience;
    let [least, told] = [Number.POSITIVE_INFINITY, null];
    while (performance.now() < end) {
      const { speed } = window.glassbox.status();
      if (speed && speed !== told)
        least = Math.min(least, performance.timeOrigin + performance.now() - speed.seconds * 1000);
      told = speed;
      await new Promise((done) => setTimeout(done, 1));
    }
    return least;
  }, forMs);
}
