// Inputs for the transition tool, made by a generator of pseudo-random numbers: the same in every run.
//
// node tests/terminal/t8n/cases.mjs | python3 tests/terminal/t8n/oracle.py > tests/terminal/t8n/expected.jsonl
//
// makes anew what the execution specifications say of them (PyPI: ethereum-execution 2.20.0).
import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";

const FORKS = [
  "Frontier",
  "Homestead",
  "TangerineWhistle",
  "SpuriousDragon",
  "Byzantium",
  "ConstantinopleFix",
  "Istanbul",
  "MuirGlacier",
  "Berlin",
  "London",
  "ArrowGlacier",
  "GrayGlacier",
  "Paris",
  "Shanghai",
  "Cancun",
  "Prague",
  "Osaka",
];
const CASES_EACH = 14;

/** Bytes from SHA-256 in counter mode. */
class Random {
  constructor(seed) {
    this.seed = seed;
    this.count = 0;
    this.bytes = Buffer.alloc(0);
  }

  take(length) {
    while (this.bytes.length < length) {
      const next = createHash("sha256")
        .update(`${this.seed}/${this.count++}`)
        .digest();
      this.bytes = Buffer.concat([this.bytes, next]);
    }
    const taken = this.bytes.subarray(0, length);
    this.bytes = this.bytes.subarray(length);
    return taken;
  }

  below(most) {
    return this.take(4).readUInt32BE() % most;
  }

  chance(percent) {
    return this.below(100) < percent;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  hex(length) {
    return `0x${this.take(length).toString("hex")}`;
  }
}

const hex = (number) => `0x${BigInt(number).toString(16)}`;
const word = (number) => BigInt(number).toString(16).padStart(64, "0");
const address = (low) => `0x${low.toString(16).padStart(40, "0")}`;

/** Secret keys 1 to 3 and their addresses. */
const KEYS = [
  ["1", "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"],
  ["2", "0x2b5ad5c4795c026514f8317c7a215e218dccd6cf"],
  ["3", "0x6813eb9362372eef6200f3b1dbc3f819671cba69"],
].map(([key, at]) => ({ key: `0x${key.padStart(64, "0")}`, address: at }));

const COINBASE = address(0xc0ffee);

const push = (number) => {
  const digits = BigInt(number).toString(16);
  const even = digits.length % 2 ? `0${digits}` : digits;
  return (0x5f + even.length / 2).toString(16).padStart(2, "0") + even;
};

/** Pieces of code, each of which leaves the stack as it was. */
const PIECES = [
  (r) => `${push(r.below(4))}${push(r.below(6))}55`, // SSTORE
  (r) => `${push(r.below(6))}54${push(r.below(6))}55`, // SLOAD, SSTORE
  (r) => `${push(r.below(1000))}60405260206040a0`, // LOG0
  (r) => `${push(r.below(9))}${push(0xabc)}60406020a2`, // LOG2
  (r) => `${push(r.below(300))}40${push(7)}55`, // BLOCKHASH
  (r) => `42434445015f8190025050`.replace("5f81", "8081") + (r.chance(50) ? "4850" : ""), // environment
  (r) => `60006000600060006000${push(0x1001 + r.below(4))}61ffff${r.pick(["f1", "f2"])}50`, // CALL, CALLCODE
  (r) => `6000600060006000${push(0x1001 + r.below(4))}61ffff${r.pick(["f4", "fa"])}50`, // DELEGATECALL, STATICCALL
  (r) => `600060006000600060${r.below(3).toString(16).padStart(2, "0")}${push(0xdead0 + r.below(3))}612710f150`,
  (r) => `6000600060006000600060${(1 + r.below(9)).toString(16).padStart(2, "0")}62020000f150`, // a precompiled one
  (r) => `${push(0x6001600055n)}6000526005601b6000${r.pick(["f0", "6001f5".slice(-2)])}50`.replace("f550", "f050"),
  (r) => `${push(0x60016001f3n)}600052${push(r.below(3))}6005601b6000f550`, // CREATE2 with a salt, in Constantinople
  (r) => `${push(0x1001 + r.below(4))}3f3b50`, // EXTCODEHASH, EXTCODESIZE
  () => "465047505a50", // CHAINID, SELFBALANCE, GAS
  (r) => `${push(r.below(5))}5c${push(3)}5d`, // TLOAD, TSTORE
  () => "4a5049505e50".slice(0, 8), // BLOBBASEFEE and the like: often no instruction
  (r) => `60ff${push(r.below(500))}0a50`, // EXP
  (r) => `60206000${push(r.below(64))}37`, // CALLDATACOPY
];
const ENDS = ["00", "60206000f3", "00", "60206000fd", "fe", "61c0deff", "5b600056", ""];

function code(r) {
  let text = "";
  const pieces = 1 + r.below(7);
  for (let n = 0; n < pieces; n++) text += r.pick(PIECES)(r);
  return `0x${text}${r.pick(ENDS)}`;
}

function alloc(r, has) {
  const accounts = {};
  for (const { address: at } of KEYS) {
    accounts[at] = { balance: hex(r.chance(90) ? 10n ** 18n : 1_000_000), nonce: hex(r.below(3)) };
  }
  for (let n = 0; n < 4; n++) {
    const storage = {};
    for (let slot = 0; slot < 6; slot++) {
      if (r.chance(40)) storage[`0x${word(slot)}`] = `0x${word(1 + r.below(5))}`;
    }
    accounts[address(0x1001 + n)] = { balance: hex(r.below(100_000)), nonce: "0x1", code: code(r), storage };
  }
  if (r.chance(50)) accounts[address(0xdead0)] = { balance: "0x1", nonce: "0x0" };
  if (has("Cancun")) accounts["0x000f3df6d732807ef1319fb7b8bb8522d0beac02"] = system(BEACON_ROOTS);
  if (has("Prague")) {
    accounts["0x0000f90827f1c53a10cb7a02335b175320002935"] = system(HISTORY);
    accounts["0x00000961ef480eb55e80d19ad83579a64c007002"] = system(QUEUE);
    if (r.chance(90)) accounts["0x0000bbddc7ce488642fb579f8b00f3a590007251"] = system(QUEUE);
  }
  return accounts;
}

const system = (text) => ({ balance: "0x0", nonce: "0x1", code: text });
/** EIP-4788's and EIP-2935's contracts, as their EIPs give them. */
const BEACON_ROOTS =
  "0x3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f35801560495762001fff810690815414603c" +
  "575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f359062001fff015500";
const HISTORY =
  "0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff814303116042576" +
  "11fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500";
/** Stands for a queue of requests: returns 76 bytes once something is in slot 0, which anyone's call puts there. */
const QUEUE =
  "0x3373fffffffffffffffffffffffffffffffffffffffe14601d57600160005500" + "5b600054604c025f5260005460" + "4c025ff3";

function env(r, has) {
  const number = 1 + r.below(600);
  const made = {
    currentCoinbase: COINBASE,
    currentGasLimit: hex(r.chance(85) ? 30_000_000 : 400_000),
    currentNumber: hex(number),
    currentTimestamp: hex(1_000_000 + r.below(100)),
    blockHashes: {},
  };
  // All that can be asked for: the specifications know no missing ones.
  for (let n = Math.max(0, number - 256); n < number; n++) made.blockHashes[hex(n)] = `0x${word(0xb10c_0000 + n)}`;
  if (has("Paris")) made.currentRandom = r.hex(32);
  else if (r.chance(50)) made.currentDifficulty = hex(131_072 + r.below(1_000_000));
  else {
    made.parentDifficulty = hex(200_000 + r.below(10_000_000));
    made.parentTimestamp = hex(999_000 + r.below(1000));
    if (r.chance(50)) made.parentUncleHash = r.hex(32);
  }
  if (has("London")) {
    if (r.chance(50)) made.currentBaseFee = hex(r.below(1000));
    else {
      made.parentBaseFee = hex(7 + r.below(1000));
      made.parentGasUsed = hex(r.below(30_000_000));
      made.parentGasLimit = made.currentGasLimit;
    }
  }
  if (has("Shanghai")) {
    made.withdrawals = [];
    for (let n = r.below(3); n > 0; n--) {
      const [index, validatorIndex] = [hex(r.below(100)), hex(r.below(100))];
      made.withdrawals.push({ index, validatorIndex, address: address(0xdead0 + r.below(3)), amount: hex(r.below(9)) });
    }
  }
  if (has("Cancun")) {
    made.parentBeaconBlockRoot = r.hex(32);
    if (r.chance(50) || has("Osaka")) made.currentExcessBlobGas = hex(131_072 * r.below(40));
    else {
      made.parentExcessBlobGas = hex(131_072 * r.below(40));
      made.parentBlobGasUsed = hex(131_072 * r.below(7));
    }
  }
  return made;
}

function transactions(r, has, accounts) {
  const nonces = new Map(KEYS.map(({ address: at }) => [at, Number(accounts[at].nonce)]));
  const list = [];
  for (let n = 1 + r.below(5); n > 0; n--) {
    const { key, address: from } = r.pick(KEYS);
    const types = [0, 0];
    if (has("Berlin")) types.push(1);
    if (has("London")) types.push(2, 2);
    if (has("Cancun")) types.push(3);
    if (has("Prague")) types.push(4);
    const type = r.pick(types);
    const wrong = r.below(100);
    const nonce = nonces.get(from) + (wrong < 6 ? 1 : 0);
    const creates = type < 3 && r.chance(20);
    const tx = {
      type: hex(type),
      nonce: hex(nonce),
      gas: hex(wrong < 10 ? 20_000 + r.below(1500) : 60_000 + r.below(300_000)),
      to: creates
        ? null
        : r.pick([address(0x1001), address(0x1002), address(0x1003), address(0x1004), address(0xdead1)]),
      value: hex(r.chance(60) ? 0 : r.below(2000)),
      input: creates ? code(r) : r.chance(50) ? "0x" : r.hex(r.below(80)),
      v: "0x0",
      r: "0x0",
      s: "0x0",
      secretKey: key,
    };
    if (type === 0 && r.chance(30)) tx.protected = false;
    if (type > 0) tx.chainId = "0x1";
    const fee = wrong > 96 ? 1 : 1000 + r.below(5000);
    if (type < 2) tx.gasPrice = hex(fee);
    else {
      tx.maxFeePerGas = hex(fee);
      tx.maxPriorityFeePerGas = hex(r.below(Math.min(fee, 50) + 1));
    }
    if (type > 0) {
      tx.accessList = [];
      if (r.chance(60)) {
        tx.accessList.push({ address: address(0x1001 + r.below(4)), storageKeys: [`0x${word(r.below(6))}`] });
      }
    }
    if (type === 3) {
      tx.maxFeePerBlobGas = hex(r.chance(90) ? 100_000 : 0);
      tx.blobVersionedHashes = Array.from({ length: 1 + r.below(3) }, () => `0x01${r.take(31).toString("hex")}`);
    }
    if (type === 4) {
      // Signatures of nobody in particular: they recover to some account, or to none.
      const [v, one, two] = [hex(r.below(2)), r.hex(32), `0x0${r.take(32).toString("hex").slice(1)}`];
      const strip = (text) => hex(BigInt(text));
      tx.authorizationList = [
        {
          chainId: hex(r.below(2)),
          address: address(0x1001 + r.below(4)),
          nonce: "0x0",
          v,
          r: strip(one),
          s: strip(two),
        },
      ];
    }
    list.push(tx);
    // The next one counts on this one: if it is refused, so are those.
    if (wrong >= 10) nonces.set(from, nonce + 1);
  }
  return list;
}

/** Ommers before proof of stake, whose order counts only for who is paid. */
function ommers(r, number) {
  return Array.from({ length: 1 + r.below(2) }, () => ({
    delta: 1 + r.below(Math.min(6, number)),
    address: address(0xdead0 + r.below(4)),
  }));
}

/** All cases: `{name, fork, reward, alloc, env, txs}`. */
export function* cases() {
  for (const [index, fork] of FORKS.entries()) {
    const has = (since) => index >= FORKS.indexOf(since);
    for (let n = 0; n < CASES_EACH; n++) {
      const r = new Random(`${fork} ${n}`);
      const accounts = alloc(r, has);
      // With EIP-161 a reward of zero touches an empty beneficiary, which then goes; not so in the specifications.
      const rewards = ["-1", has("SpuriousDragon") ? "1" : "0", "2000000000000000000"];
      const reward = has("Paris") ? "-1" : r.pick(rewards);
      const one = {
        name: `${fork} ${n}`,
        fork,
        reward,
        alloc: accounts,
        env: env(r, has),
        txs: transactions(r, has, accounts),
      };
      // Numbers of its own: what was there before stays as it was. Of a reward of 1 an ommer's share is nothing, as above.
      const more = new Random(`${fork} ${n} more`);
      if (reward.length > 2 && more.chance(50)) one.env.ommers = ommers(more, Number(one.env.currentNumber));
      yield one;
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const one of cases()) console.log(JSON.stringify(one));
}
