"""Makes state tests with the execution specifications, as `make.py` makes block tests.

    python states.py OUTPUT_FOLDER [--seed N] [--cases PER_FORK] [--fork NAME] [--short]
"""

import argparse
import json
import pathlib
import random

from ethereum.crypto.hash import keccak256
from ethereum_rlp import rlp
from ethereum_types.bytes import Bytes20, Bytes32
from ethereum_types.numeric import U64, U256, Uint

from make import ORDER, Chain, at_least, copied_state, dump, hexed, make, quantity, sign

# Class of the specifications' error, the tests' name.
EXCEPTIONS = {
    "InsufficientBalanceError": "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS",
    "NonceMismatchError": "TransactionException.NONCE_MISMATCH_TOO_LOW|TransactionException.NONCE_MISMATCH_TOO_HIGH",
    "GasUsedExceedsLimitError": "TransactionException.GAS_ALLOWANCE_EXCEEDED",
    "InvalidSenderError": "TransactionException.SENDER_NOT_EOA",
    "InsufficientTransactionGasError": "TransactionException.INTRINSIC_GAS_TOO_LOW"
    "|TransactionException.INTRINSIC_GAS_BELOW_FLOOR_GAS_COST",
    "InitCodeTooLargeError": "TransactionException.INITCODE_SIZE_EXCEEDED",
    "PriorityFeeGreaterThanMaxFeeError": "TransactionException.PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS",
    "InsufficientMaxFeePerGasError": "TransactionException.INSUFFICIENT_MAX_FEE_PER_GAS",
    "InsufficientMaxFeePerBlobGasError": "TransactionException.INSUFFICIENT_MAX_FEE_PER_BLOB_GAS",
}


def case(rng, name, short):
    chain = Chain(rng, name)
    fork, tip = chain.first, chain.tips[0][0]
    number = rng.choice([1, 2, 300])
    header = dict(
        coinbase=Bytes20(rng.choice([b"\x2a" * 20, bytes(chain.senders[0]), b"\xdd" * 20])),
        number=Uint(number),
        gas_limit=Uint(rng.choice([1_000_000, 30_000_000])),
        time=U256(rng.randrange(1 << 32)),
        difficulty=Uint(rng.choice([0x20000, 1 << 70])),
        prev_randao=Bytes32(rng.randbytes(32)),
        base_fee_per_gas=Uint(rng.choice([0, 7, 10**9])),
        excess_blob_gas=U64(rng.choice([0, 0xE0000, 0x4000000])),
        parent_beacon_block_root=Bytes32(bytes(32)),
    )
    kind, fields, who = chain.choose(fork, tip, header, [])
    spoil(rng, fields, header)
    tx = sign(fork, kind, fields, chain.keys[who], rng)
    state = copied_state(tip.state, fork)
    hashes = [Bytes32(keccak256(str(i).encode())) for i in range(max(0, number - 256), number)]
    values = dict(header, chain_id=U64(1), state=state, block_gas_limit=header["gas_limit"], block_hashes=hashes)
    env, output = make(fork.vm.BlockEnvironment, values), fork.vm.BlockOutput()
    decode = getattr(fork.transactions, "decode_transaction", lambda tx: tx)
    post = {"indexes": {"data": 0, "gas": 0, "value": 0}}
    try:
        fork.fork.process_transaction(env, output, decode(tx), Uint(0))
        logs = output.block_logs
    except Exception as error:
        name_of = type(error).__name__
        post["expectException"] = EXCEPTIONS.get(name_of, name_of)
        state, logs = tip.state, ()
    post["hash"] = hexed(fork.state.state_root(state))
    post["logs"] = hexed(keccak256(rlp.encode(logs)))
    post["txbytes"] = hexed(tx) if isinstance(tx, bytes) else hexed(rlp.encode(tx))
    if not short:
        post["state"] = dump(state)
    return {
        "env": environment(fork, header),
        "pre": chain.pre,
        "transaction": transaction(kind, fields, chain.keys[who], chain.senders[who]),
        "post": {name: [post]},
        "config": {"chainid": "0x01"},
    }


def spoil(rng, fields, header):
    """Makes some transactions invalid."""
    what = rng.choice([None] * 12 + ["nonce", "gas", "limit", "value", "priority"])
    if what == "nonce":
        fields["nonce"] = U256(rng.choice([1, 5, 2**64 - 2]))
    elif what == "gas":
        fields["gas"] = Uint(rng.choice([0, 20_000, 21_001]))
    elif what == "limit":
        fields["gas"] = header["gas_limit"] + Uint(1)
    elif what == "value":
        fields["value"] = U256(10**21 - rng.randrange(10**14))
    elif what == "priority":
        fields["max_priority_fee_per_gas"] = fields["max_fee_per_gas"] + Uint(1)


def environment(fork, header):
    env = {
        "currentCoinbase": hexed(header["coinbase"]),
        "currentGasLimit": quantity(header["gas_limit"]),
        "currentNumber": quantity(header["number"]),
        "currentTimestamp": quantity(header["time"]),
        "currentDifficulty": quantity(0 if fork.pos else header["difficulty"]),
    }
    if at_least(fork.name, "London"):
        env["currentBaseFee"] = quantity(header["base_fee_per_gas"])
    if fork.pos:
        env["currentRandom"] = hexed(header["prev_randao"])
    if at_least(fork.name, "Cancun"):
        env["currentExcessBlobGas"] = quantity(header["excess_blob_gas"])
    return env


def transaction(kind, fields, key, sender):
    tx = {
        "nonce": quantity(fields["nonce"]),
        "gasLimit": [quantity(fields["gas"])],
        "to": hexed(fields["to"]) if fields["to"] else "",
        "value": [quantity(fields["value"])],
        "data": [hexed(fields["data"])],
        "sender": hexed(sender),
        "secretKey": "0x" + key.secret.hex().rjust(64, "0"),
    }
    if kind in ("legacy", "access"):
        tx["gasPrice"] = quantity(fields["gas_price"])
    else:
        tx["maxFeePerGas"] = quantity(fields["max_fee_per_gas"])
        tx["maxPriorityFeePerGas"] = quantity(fields["max_priority_fee_per_gas"])
    if kind != "legacy":
        tx["accessLists"] = [[access(item) for item in fields["access_list"]]]
    if kind == "blob":
        tx["maxFeePerBlobGas"] = quantity(fields["max_fee_per_blob_gas"])
        tx["blobVersionedHashes"] = [hexed(blob) for blob in fields["blob_versioned_hashes"]]
    if kind == "code":
        tx["authorizationList"] = [
            {
                "chainId": quantity(one.chain_id),
                "address": hexed(one.address),
                "nonce": quantity(one.nonce),
                "v": quantity(one.y_parity),
                "r": quantity(one.r),
                "s": quantity(one.s),
            }
            for one in fields["authorizations"]
        ]
    return tx


def access(item):
    address, keys = item if isinstance(item, tuple) else (item.account, item.slots)
    return {"address": hexed(address), "storageKeys": [hexed(key) for key in keys]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=4)
    parser.add_argument("--fork", action="append")
    parser.add_argument("--short", action="store_true", help="only the root of the state afterwards")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    for name in ORDER:
        if not options.fork or name in options.fork:
            cases = {
                f"{name}_{options.seed}_{index}": case(random.Random(f"{options.seed} {name} {index}"), name, options.short)
                for index in range(options.cases)
            }
            (options.output / f"{name}.json").write_text(json.dumps(cases, separators=(",", ":")))
            print(name, flush=True)


if __name__ == "__main__":
    main()
