import { MOVING } from "../../strings/moving";
import { base64url, deflated } from "../links/packing";
import { Gatherer, toPieces } from "./messages";

/** A text that a browser gives and another one takes, so that they find each other: no server is asked. */
const VERSION = "g1.";
/** A longer text is none of ours. */
const LONGEST = 16_384;
const LONGEST_UNPACKED = 65_536;
/** A browser that finds no way out says nothing: then what was found so far has to do. */
const FINDING_MS = 3000;

async function toText(description: RTCSessionDescriptionInit): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify({ type: description.type, sdp: description.sdp }));
  return VERSION + base64url(await deflated(json));
}

/** @throws if it is no such text */
async function fromText(text: string, type: RTCSdpType): Promise<RTCSessionDescriptionInit> {
  const whole = text.replaceAll(/\s/g, "");
  if (!whole.startsWith(VERSION) || whole.length > LONGEST) throw new Error("no invitation");
  const coded = atob(whole.slice(VERSION.length).replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(coded, (letter) => letter.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  let json = "";
  const decoder = new TextDecoder();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    json += decoder.decode(part.value, { stream: true });
    if (json.length > LONGEST_UNPACKED) {
      await reader.cancel();
      throw new Error("no invitation");
    }
  }
  const found = Object(JSON.parse(json)) as Partial<RTCSessionDescriptionInit>;
  if (found.type !== type || typeof found.sdp !== "string") throw new Error("no invitation");
  return { type, sdp: found.sdp };
}

/** All that this browser knows of how it can be reached. */
async function complete(connection: RTCPeerConnection): Promise<RTCSessionDescriptionInit> {
  if (connection.iceGatheringState !== "complete") {
    await new Promise<void>((done) => {
      setTimeout(done, FINDING_MS);
      connection.onicegatheringstatechange = () => connection.iceGatheringState === "complete" && done();
    });
  }
  const { localDescription } = connection;
  if (!localDescription) throw new Error("the browser makes no connections");
  return localDescription.toJSON();
}

/** Carries messages between a worker and a connection; the worker's end of it. */
function carry(channel: RTCDataChannel, connection: RTCPeerConnection): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const gatherer = new Gatherer();
  channel.binaryType = "arraybuffer";
  port1.onmessage = ({ data }) => {
    for (const piece of toPieces(data)) if (channel.readyState === "open") channel.send(piece);
  };
  channel.onmessage = ({ data }) => {
    try {
      const message = data instanceof ArrayBuffer && gatherer.add(data);
      if (message) port1.postMessage(message);
    } catch {
      connection.close();
    }
  };
  channel.onclose = () => {
    port1.postMessage({ say: "end", why: MOVING.broken });
    connection.close();
  };
  return port2;
}

/** A connection that is being made. */
export interface Invitation {
  /** What the other side needs. */
  readonly text: string;
  /** Takes what the other side gave for it. */
  readonly answered: (text: string) => Promise<void>;
  readonly connected: Promise<MessagePort>;
  readonly end: () => void;
}

const opened = (channel: RTCDataChannel, connection: RTCPeerConnection): Promise<MessagePort> =>
  new Promise((resolve, reject) => {
    const carried = () => resolve(carry(channel, connection));
    if (channel.readyState === "open") carried();
    else channel.onopen = carried;
    connection.onconnectionstatechange = () => {
      if (connection.connectionState === "failed") reject(new Error("no way"));
    };
  });

/** Invites another browser. */
export async function invite(): Promise<Invitation> {
  const connection = new RTCPeerConnection({ iceServers: [] });
  const channel = connection.createDataChannel("machine");
  const connected = opened(channel, connection);
  connected.catch(() => undefined);
  await connection.setLocalDescription(await connection.createOffer());
  return {
    text: await toText(await complete(connection)),
    answered: async (text) => connection.setRemoteDescription(await fromText(text, "answer")),
    connected,
    end: () => connection.close(),
  };
}

/** Takes an invitation. Fails if the text is none. */
export async function accept(text: string): Promise<Omit<Invitation, "answered">> {
  const offer = await fromText(text, "offer");
  const connection = new RTCPeerConnection({ iceServers: [] });
  const connected = new Promise<MessagePort>((resolve, reject) => {
    connection.ondatachannel = ({ channel }) => opened(channel, connection).then(resolve, reject);
  });
  connected.catch(() => undefined);
  await connection.setRemoteDescription(offer);
  await connection.setLocalDescription(await connection.createAnswer());
  return { text: await toText(await complete(connection)), connected, end: () => connection.close() };
}
