import { type GlassboxApi, makeApi } from "../client/api";
import { speaker, store } from "../client/start";
import "./app";

declare global {
  interface Window {
    glassbox: GlassboxApi;
  }
}

window.glassbox = makeApi(store, speaker);
