import { expect, it } from "vitest";
import { once } from "./loading";

it("loads once, also when asked twice at a time", async () => {
  let loads = 0;
  const load = once("The engine", async () => ++loads);
  expect(await Promise.all([load(), load()])).toEqual([1, 1]);
  expect(await load()).toBe(1);
});

it("says what helps, and tries again", async () => {
  let fails = true;
  const load = once("The engine", async () => {
    if (fails) throw new TypeError("Failed to fetch");
    return "here";
  });
  await expect(load()).rejects.toThrow(
    "The engine could not be loaded: check the connection and try again; if that does not help, load the page anew (Failed to fetch)",
  );
  fails = false;
  expect(await load()).toBe("here");
});

it("knows a browser that does not take the module", async () => {
  const load = once("The engine", () => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 9, 9, 9, 9])));
  await expect(load()).rejects.toThrow("The engine could not be loaded: this browser does not take it");
});
