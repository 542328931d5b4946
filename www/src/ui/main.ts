import { type GlassboxApi, makeApi } from "../client/api";
import { speaker, stops, store } from "../client/start";
import "./app";
import { embedded } from "./frame/settings";

declare global {
  interface Window {
    glassbox: GlassboxApi;
  }
}

window.glassbox = makeApi(store, speaker);

// Whoever frames the page may drive the machine, if it asks to.
if (embedded !== null) {
  void import("../client/embedded").then(({ serveEmbedder }) => serveEmbedder(window.glassbox, store, stops));
}
