"""Makes block tests with the execution specifications (PyPI `ethereum-execution`, and `coincurve` for signatures).

Every chain is random, but the same for the same seed: transactions of all types that its fork has, ommers, side
chains, withdrawals, requests, and blocks that are wrong in one place. The specifications decide what a block does and
whether it is valid; nothing here was computed by Glassbox.

    python make.py OUTPUT_FOLDER [--seed N] [--chains PER_NETWORK] [--network NAME]
"""

import argparse
import dataclasses
import importlib
import json
import pathlib
import random

import coincurve
from ethereum.crypto.hash import keccak256
from ethereum.fork_criteria import ByBlockNumber
from ethereum_rlp import rlp
from ethereum_types.bytes import Bytes, Bytes0, Bytes8, Bytes20, Bytes32
from ethereum_types.numeric import U8, U64, U256, Uint

# Name in the tests, module of the specifications.
FORKS = [
    ("Frontier", "frontier"),
    ("Homestead", "homestead"),
    ("DaoFork", "dao_fork"),
    ("EIP150", "tangerine_whistle"),
    ("EIP158", "spurious_dragon"),
    ("Byzantium", "byzantium"),
    ("ConstantinopleFix", "constantinople"),
    ("Istanbul", "istanbul"),
    ("MuirGlacier", "muir_glacier"),
    ("Berlin", "berlin"),
    ("London", "london"),
    ("ArrowGlacier", "arrow_glacier"),
    ("GrayGlacier", "gray_glacier"),
    ("Paris", "paris"),
    ("Shanghai", "shanghai"),
    ("Cancun", "cancun"),
    ("Prague", "prague"),
    ("Osaka", "osaka"),
    ("BPO1", "bpo1"),
    ("BPO2", "bpo2"),
]
ORDER = [name for name, _ in FORKS]
MODULES = dict(FORKS)
# First fork, second, how the second begins.
TRANSITIONS = [
    ("Frontier", "Homestead", "At5"),
    ("Homestead", "DaoFork", "At5"),
    ("Homestead", "EIP150", "At5"),
    ("EIP158", "Byzantium", "At5"),
    ("Byzantium", "ConstantinopleFix", "At5"),
    ("Istanbul", "Berlin", "At5"),
    ("Berlin", "London", "At5"),
    ("ArrowGlacier", "Paris", "AtDiffC0000"),
    ("Paris", "Shanghai", "AtTime15k"),
    ("Shanghai", "Cancun", "AtTime15k"),
    ("Cancun", "Prague", "AtTime15k"),
    ("Prague", "Osaka", "AtTime15k"),
    ("Osaka", "BPO1", "AtTime15k"),
    ("BPO1", "BPO2", "AtTime15k"),
]
ORDER_OF_SECP256K1 = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
FORK_BLOCK, FORK_TIME, FORK_DIFFICULTY = 5, 15_000, 0xC0000

BEACON_ROOTS = "000f3df6d732807ef1319fb7b8bb8522d0beac02"
HISTORY = "0000f90827f1c53a10cb7a02335b175320002935"
WITHDRAWALS = "00000961ef480eb55e80d19ad83579a64c007002"
CONSOLIDATIONS = "0000bbddc7ce488642fb579f8b00f3a590007251"
DEPOSITS = "00000000219ab540356cbb839cbe05303d7705fa"
# Code of EIP-4788, 2935, 7002 and 7251.
BEACON_ROOTS_CODE = (
    "3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f35801560495762001fff810690815414603c575f"
    "5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f359062001fff015500"
)
HISTORY_CODE = (
    "3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff90"
    "06545f5260205ff35b5f5ffd5b5f35611fff60014303065500"
)
WITHDRAWALS_CODE = (
    "3373fffffffffffffffffffffffffffffffffffffffe1460cb5760115f54807fffffffffffffffffffffffffffffffffffffffffffffffffff"
    "ffffffffffffff146101f457600182026001905f5b5f82111560685781019083028483029004916001019190604d565b909390049250505036"
    "603814608857366101f457346101f4575f5260205ff35b34106101f457600154600101600155600354806003026004013381556001015f3581"
    "5560010160203590553360601b5f5260385f601437604c5fa0600101600355005b6003546002548082038060101160df575060105b5f5b8181"
    "146101835782810160030260040181604c02815460601b8152601401816001015481526020019060020154807fffffffffffffffffffffffff"
    "ffffffff00000000000000000000000000000000168252906010019060401c908160381c81600701538160301c81600601538160281c816005"
    "01538160201c81600401538160181c81600301538160101c81600201538160081c81600101535360010160e1565b9101809214610195579060"
    "02556101a0565b90505f6002555f6003555b5f54807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff141561"
    "01cd57505f5b6001546002828201116101e25750505f6101e8565b01600290035b5f555f600155604c025ff35b5f5ffd"
)
CONSOLIDATIONS_CODE = (
    "3373fffffffffffffffffffffffffffffffffffffffe1460d35760115f54807fffffffffffffffffffffffffffffffffffffffffffffffffff"
    "ffffffffffffff1461019a57600182026001905f5b5f82111560685781019083028483029004916001019190604d565b909390049250505036"
    "6060146088573661019a573461019a575f5260205ff35b341061019a57600154600101600155600354806004026004013381556001015f3581"
    "55600101602035815560010160403590553360601b5f5260605f60143760745fa0600101600355005b6003546002548082038060021160e757"
    "5060025b5f5b8181146101295782810160040260040181607402815460601b8152601401816001015481526020018160020154815260200190"
    "60030154905260010160e9565b910180921461013b5790600255610146565b90505f6002555f6003555b5f54807fffffffffffffffffffffff"
    "ffffffffffffffffffffffffffffffffffffffffff141561017357505f5b6001546001828201116101885750505f61018e565b01600190035b"
    "5f555f6001556074025ff35b5f5ffd"
)
# Logs its input under the topic of the deposit contract's event.
DEPOSITS_CODE = "3660006000377f649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5366000a100"

CONTRACTS = {
    # Stores the second word of the input under the first.
    "storer": "60203560003555",
    # Logs its input with the block's number.
    "logger": "36600060003743600260013660006000a300"[:-2].replace("600260013660006000a3", "6002366000a2") + "00",
    # Stores the hashes of five ancestors.
    "ancestors": "".join(f"60{k:02x}430340600{k}430355" for k in range(1, 6)).replace("600", "60 0").replace(" ", ""),
    # Stores what it sees of the block.
    "environment": "4160005542600155436002554460035545600455 3a600555 32600655 34600755".replace(" ", ""),
    # Destroys itself for the address in its input.
    "suicide": "600035ff",
    # Creates a contract from its input.
    "creator": "36600060003736600034f060005500",
    # Calls the address in the first word of its input with its value and the rest of its input.
    "caller": "60203603602060003760006000602036036000346000355af1600055",
    # Reverts, or fails where there is no REVERT.
    "reverter": "6001600055 60206000fd".replace(" ", ""),
    # Clears the slots 0 to 2: refunds.
    "clearer": "600060005560006001556000600255",
    # Asks for the parent beacon block's root and for a block's hash (EIP-4788, 2935).
    "history": "42600052 6020 6000 6020 6000 73" + BEACON_ROOTS + " 61ffff fa 600055 600051 600155"
    " 6001 43 03 600052 6020 6000 6020 6000 73" + HISTORY + " 61ffff fa 600255 600051 600355",
}
CONTRACTS["ancestors"] = "".join(f"60{k:02x}4303 40 60{k:02x} 55".replace(" ", "") for k in range(1, 6))
CONTRACTS["logger"] = "366000600037 43 7f" + "11" * 32 + " 36 6000 a2 00"
CONTRACTS = {name: bytes.fromhex(code.replace(" ", "")) for name, code in CONTRACTS.items()}


def at_least(fork, other):
    return ORDER.index(fork) >= ORDER.index(other)


class Fork:
    """The modules of a fork."""

    def __init__(self, name):
        self.name = name
        self.path = f"ethereum.forks.{MODULES[name]}"
        for part in ("fork", "blocks", "state", "transactions", "trie", "fork_types", "vm", "bloom"):
            setattr(self, part, importlib.import_module(f"{self.path}.{part}"))
        if hasattr(self.fork, "validate_proof_of_work"):
            self.fork.validate_proof_of_work = lambda header: None
        self.pos = at_least(name, "Paris")
        if hasattr(self.fork, "calculate_excess_blob_gas"):
            self.fork.calculate_excess_blob_gas = self.excess_blob_gas
            self.gas = importlib.import_module(f"{self.path}.vm.gas")

    def excess_blob_gas(self, parent):
        """As specified, also where the parent is of an earlier fork that had blobs: to the specifications its header is
        of another class, and that counts as none."""
        header = self.blocks.Header
        if hasattr(parent, "excess_blob_gas") and not isinstance(parent, header):
            values = {field.name: getattr(parent, field.name, None) for field in dataclasses.fields(header)}
            parent = header(**dict(values, requests_hash=values.get("requests_hash") or Bytes32(bytes(32))))
        return self.gas.calculate_excess_blob_gas(parent)

    def criteria(self, block):
        self.fork.FORK_CRITERIA = ByBlockNumber(block)


class Chain:
    """A chain being built, and the snapshots of it after every block."""

    def __init__(self, rng, first, second=None, how="", short=False):
        self.rng, self.short = rng, short
        self.first, self.second, self.how = Fork(first), second and Fork(second), how
        self.network = first if second is None else f"{first}To{second}{how}"
        # Blocks from which London's base fee and the DAO fork's extra data count.
        for name in ("DaoFork", "London"):
            if first == name:
                self.first.criteria(0 if name == "London" else 1 << 40)
            if second == name:
                self.second.criteria(FORK_BLOCK)
        self.keys = [coincurve.PrivateKey(rng.randbytes(32)) for _ in range(3)]
        self.senders = [address_of(key) for key in self.keys]
        self.genesis()

    def fork_of(self, number, timestamp, total_difficulty):
        if self.second is None:
            return self.first
        if self.how.startswith("AtTime"):
            begun = timestamp >= FORK_TIME
        elif self.how.startswith("AtDiff"):
            begun = total_difficulty >= FORK_DIFFICULTY
        else:
            begun = number >= FORK_BLOCK
        return self.second if begun else self.first

    def genesis(self):
        fork, rng = self.first, self.rng
        last = self.second or fork
        state = fork.state.State()
        account = fork.fork_types.Account
        self.addresses = {}

        def put(address, nonce, balance, code):
            fork.state.set_account(state, address, account(Uint(nonce), U256(balance), Bytes(code)))

        for sender in self.senders:
            put(sender, 0, 10**21, b"")
        for i, (name, code) in enumerate(CONTRACTS.items()):
            self.addresses[name] = Bytes20(bytes([0xC0 + i]) * 20)
            put(self.addresses[name], 1, rng.choice([0, 7]), code)
            for key in range(3):
                fork.state.set_storage(state, self.addresses[name], word(key), U256(key + 1))
        self.addresses["random"] = Bytes20(b"\xdd" * 20)
        put(self.addresses["random"], 1, 5, random_code(rng))
        if last is self.second and last.name == "DaoFork":
            dao = importlib.import_module(f"{last.path}.dao")
            for one in (*dao.DAO_ACCOUNTS[:2], dao.DAO_ACCOUNTS[-1], dao.DAO_RECOVERY):
                put(one, 0, rng.randrange(1, 10**18), b"")
        if at_least(last.name, "Cancun"):
            put(Bytes20.fromhex(BEACON_ROOTS), 1, 0, bytes.fromhex(BEACON_ROOTS_CODE))
        if at_least(last.name, "Prague"):
            put(Bytes20.fromhex(HISTORY), 1, 0, bytes.fromhex(HISTORY_CODE))
            for name, code in ((WITHDRAWALS, WITHDRAWALS_CODE), (CONSOLIDATIONS, CONSOLIDATIONS_CODE)):
                put(Bytes20.fromhex(name), 1, 0, bytes.fromhex(code))
                # As the contracts are after their first block.
                fork.state.set_storage(state, Bytes20.fromhex(name), word(0), U256(0))
            put(Bytes20.fromhex(DEPOSITS), 1, 0, bytes.fromhex(DEPOSITS_CODE))
        self.pre = dump(state)
        header = dict(
            parent_hash=keccak256(b"")[:0] + bytes(32),
            ommers_hash=keccak256(rlp.encode([])),
            coinbase=Bytes20(bytes(20)),
            state_root=fork.state.state_root(state),
            transactions_root=fork.trie.root(fork.trie.Trie(False, None)),
            receipt_root=fork.trie.root(fork.trie.Trie(False, None)),
            bloom=fork.bloom.logs_bloom(()),
            difficulty=Uint(0 if fork.pos else 0x20000),
            number=Uint(0),
            gas_limit=Uint(30_000_000 if rng.random() < 0.7 else 2_000_000),
            gas_used=Uint(0),
            timestamp=U256(0),
            extra_data=Bytes(b"\x42"),
            mix_digest=Bytes32(bytes(32)),
            prev_randao=Bytes32(bytes(32)),
            nonce=Bytes8(bytes(8)),
            base_fee_per_gas=Uint(7 if rng.random() < 0.5 else 10**9),
            withdrawals_root=fork.trie.root(fork.trie.Trie(False, None)),
            blob_gas_used=U64(0),
            excess_blob_gas=U64(rng.choice([0, 0, 0xE0000, 0x2000000])),
            parent_beacon_block_root=Bytes32(bytes(32)),
            requests_hash=Bytes32.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        )
        header["parent_hash"] = Bytes32(bytes(32))
        block = make(fork.blocks.Block, dict(header=make(fork.blocks.Header, header), transactions=(), ommers=(), withdrawals=()))
        chain = fork.fork.BlockChain(blocks=[block], state=state, chain_id=U64(1))
        self.genesis_block = block
        self.tips = [(chain, int(block.header.difficulty), fork)]

    def build(self, tip, txs_wanted, ommers=(), after=None, check=True):
        """A block upon `tip`, valid if its ommers are, and the tip it makes."""
        chain, total, parent_fork = tip
        rng = self.rng
        parent = chain.blocks[-1].header
        gap = rng.choice([1, 5, 9, 10, 13, 20, 60, 1500]) if after is None else after
        if self.how.startswith("AtTime"):
            gap = rng.choice([12, 3000, 4000])
        number, timestamp = int(parent.number) + 1, int(parent.timestamp) + gap
        fork = self.fork_of(number, timestamp, total)
        chain = copied(chain, parent_fork)
        if fork is not parent_fork:
            chain = convert(chain, parent_fork, fork)
        header = dict(
            parent_hash=keccak256(rlp.encode(parent)),
            ommers_hash=keccak256(rlp.encode(ommers)),
            coinbase=Bytes20(rng.choice([b"\x2a" * 20, b"\x2b" * 20, bytes(self.senders[0]), b"\xdd" * 20])),
            number=Uint(number),
            timestamp=U256(timestamp),
            extra_data=Bytes(rng.randbytes(rng.randrange(5))),
            mix_digest=Bytes32(rng.randbytes(32)),
            prev_randao=Bytes32(rng.randbytes(32)),
            nonce=Bytes8(bytes(8) if fork.pos else rng.randbytes(8)),
            gas_used=Uint(0),
            blob_gas_used=U64(0),
            parent_beacon_block_root=Bytes32(rng.randbytes(32)),
        )
        if fork.name == "DaoFork" and fork is self.second and number < FORK_BLOCK + 10:
            header["extra_data"] = Bytes(b"dao-hard-fork")
        limit = int(parent.gas_limit)
        at_london = fork.name == "London" and fork is self.second and number == FORK_BLOCK
        base = limit * 2 if at_london else limit
        limit = base + rng.choice([0, 1, -1, base // 1024 - 1, -(base // 1024 - 1)])
        header["gas_limit"] = Uint(limit)
        header["difficulty"] = Uint(0 if fork.pos else self.difficulty(fork, number, timestamp, chain))
        if hasattr(fork.fork, "calculate_base_fee_per_gas"):
            header["base_fee_per_gas"] = (
                Uint(10**9)
                if at_london
                else fork.fork.calculate_base_fee_per_gas(
                    Uint(limit), parent.gas_limit, parent.gas_used, parent.base_fee_per_gas
                )
            )
        if at_least(fork.name, "Cancun"):
            header["excess_blob_gas"] = fork.excess_blob_gas(parent)
        withdrawals = ()
        if at_least(fork.name, "Shanghai"):
            withdrawals = tuple(
                fork.blocks.Withdrawal(
                    U64(i), U64(rng.randrange(100)), rng.choice([self.senders[1], Bytes20(rng.randbytes(20))]),
                    U256(rng.choice([0, 1, 10**9])),
                )
                for i in range(rng.randrange(4))
            )
        transactions, trial = [], None
        for _ in range(txs_wanted):
            tx = self.transaction(fork, chain, header, transactions)
            made = self.execute(fork, chain, header, transactions + [tx], ommers, withdrawals)
            if made is not None:
                transactions.append(tx)
                trial = made
        if trial is None:
            trial = self.execute(fork, chain, header, transactions, ommers, withdrawals)
        state, output = trial
        header.update(
            state_root=fork.state.state_root(state),
            transactions_root=fork.trie.root(output.transactions_trie),
            receipt_root=fork.trie.root(output.receipts_trie),
            bloom=fork.bloom.logs_bloom(output.block_logs),
            gas_used=output.block_gas_used,
        )
        if at_least(fork.name, "Shanghai"):
            header["withdrawals_root"] = fork.trie.root(output.withdrawals_trie)
        if at_least(fork.name, "Cancun"):
            header["blob_gas_used"] = output.blob_gas_used
        if at_least(fork.name, "Prague"):
            requests = importlib.import_module(f"{fork.path}.requests")
            header["requests_hash"] = requests.compute_requests_hash(output.requests)
        body = dict(transactions=tuple(transactions), ommers=tuple(ommers), withdrawals=withdrawals)
        block = make(fork.blocks.Block, dict(header=make(fork.blocks.Header, header), **body))
        if check:
            fork.fork.state_transition(chain, block)
        return block, (chain, total + int(header["difficulty"]), fork)

    def difficulty(self, fork, number, timestamp, chain):
        parent = chain.blocks[-1]
        arguments = [Uint(number), U256(timestamp), parent.header.timestamp, parent.header.difficulty]
        if at_least(fork.name, "Byzantium"):
            arguments.append(len(parent.ommers) > 0)
        return fork.fork.calculate_block_difficulty(*arguments)

    def execute(self, fork, chain, header, transactions, ommers, withdrawals):
        """State and output of a block's body; nothing if it is invalid."""
        state = copied_state(chain.state, fork)
        environment = dict(
            chain_id=chain.chain_id,
            state=state,
            block_gas_limit=header["gas_limit"],
            block_hashes=fork.fork.get_last_256_block_hashes(chain),
            coinbase=header["coinbase"],
            number=header["number"],
            base_fee_per_gas=header.get("base_fee_per_gas"),
            time=header["timestamp"],
            difficulty=header["difficulty"],
            prev_randao=header["prev_randao"],
            excess_blob_gas=header.get("excess_blob_gas"),
            parent_beacon_block_root=header["parent_beacon_block_root"],
        )
        last = {"withdrawals": withdrawals} if at_least(fork.name, "Shanghai") else {"ommers": ommers}
        if fork.name == "Paris":
            last = {}
        try:
            env = make(fork.vm.BlockEnvironment, environment)
            return state, fork.fork.apply_body(block_env=env, transactions=tuple(transactions), **last)
        except Exception as error:  # The specifications raise many kinds.
            self.last_error = error
            return None

    def transaction(self, fork, chain, header, before):
        """A signed transaction, as it is in a block's body. Mostly valid."""
        kind, fields, who = self.choose(fork, chain, header, before)
        return sign(fork, kind, fields, self.keys[who], self.rng)

    def choose(self, fork, chain, header, before):
        """Kind and fields of a transaction, and which key signs it."""
        rng = self.rng
        who = rng.randrange(len(self.keys))
        account = fork.state.get_account(chain.state, self.senders[who])
        sent = sum(1 for tx in before if sender_of(fork, tx) == self.senders[who])
        to, value, data = self.message(fork)
        fields = dict(
            chain_id=U64(1),
            nonce=U256(int(account.nonce) + sent),
            gas=Uint(rng.choice([21000, 60000, 200000, 400000, 900000])),
            to=to,
            value=U256(value),
            data=Bytes(data),
        )
        base = int(header.get("base_fee_per_gas", 0))
        kinds = ["legacy"]
        kinds += ["access"] if at_least(fork.name, "Berlin") else []
        kinds += ["fee"] * 2 if at_least(fork.name, "London") else []
        kinds += ["blob"] if at_least(fork.name, "Cancun") and to != b"" else []
        kinds += ["code"] * 2 if at_least(fork.name, "Prague") and to != b"" else []
        kind = rng.choice(kinds)
        transactions = fork.transactions
        fields["gas_price"] = Uint(base + rng.choice([0, 1, 10]))
        fields["max_priority_fee_per_gas"] = Uint(rng.choice([0, 1, 5]))
        fields["max_fee_per_gas"] = Uint(base + rng.choice([5, 6, 100]))
        fields["max_fee_per_blob_gas"] = U256(10**9)
        fields["blob_versioned_hashes"] = tuple(
            Bytes32(b"\x01" + rng.randbytes(31)) for _ in range(rng.choice([1, 1, 2, 6]))
        )
        if kind != "legacy":
            access = [
                (rng.choice(list(self.addresses.values())), tuple(word(rng.randrange(4)) for _ in range(rng.randrange(3))))
                for _ in range(rng.randrange(3))
            ]
            item = transactions.Access if hasattr(transactions, "Access") else lambda account, slots: (account, slots)
            fields["access_list"] = tuple(item(account, slots) for account, slots in access)
        if kind == "code":
            fields["authorizations"] = tuple(self.authorization(fork, chain) for _ in range(rng.choice([1, 1, 3])))
        return kind, fields, who

    def authorization(self, fork, chain):
        rng = self.rng
        who = rng.randrange(len(self.keys))
        account = fork.state.get_account(chain.state, self.senders[who])
        chain_id, nonce = U256(rng.choice([0, 1, 1, 2])), U64(int(account.nonce) + rng.choice([0, 1]))
        target = rng.choice([self.addresses["storer"], self.addresses["environment"], Bytes20(bytes(20))])
        digest = keccak256(b"\x05" + rlp.encode((chain_id, target, nonce)))
        r, s, parity = raw_signature(self.keys[who], digest)
        return fork.fork_types.Authorization(chain_id, target, nonce, U8(parity), U256(r), U256(s))

    def message(self, fork):
        """Receiver, value and input."""
        rng, addresses = self.rng, self.addresses
        to_word = lambda number: int(number).to_bytes(32, "big")
        kind = rng.choice(
            ["plain", "new", "create", "storer", "logger", "ancestors", "environment", "suicide", "creator", "caller"]
            + ["reverter", "clearer", "random", "random", "precompile"]
            + (["history"] * 2 if at_least(fork.name, "Cancun") else [])
            + (["withdraw", "consolidate", "deposit"] if at_least(fork.name, "Prague") else [])
        )
        init = b"\x60\x05\x60\x0c\x60\x00\x39\x60\x05\x60\x00\xf3" + b"\x60\x00\x35\xff\x00"
        if kind == "plain":
            return rng.choice(self.senders), rng.randrange(1000), b""
        if kind == "new":
            return Bytes20(rng.randbytes(20)), rng.choice([0, 0, 1]), rng.randbytes(rng.randrange(40))
        if kind == "create":
            return Bytes0(b""), rng.randrange(3), rng.choice([init, random_code(rng), b"\xfe", b"\x60\xef\x60\x00\x53\x60\x01\x60\x00\xf3"])
        if kind == "storer":
            return addresses[kind], 0, to_word(rng.randrange(5)) + to_word(rng.choice([0, 1, 2**255]))
        if kind == "suicide":
            return addresses[kind], rng.randrange(2), to_word(int.from_bytes(rng.choice(list(addresses.values())), "big"))
        if kind == "creator":
            return addresses[kind], rng.randrange(2), rng.choice([init, random_code(rng)])
        if kind == "caller":
            target = rng.choice(list(addresses.values()) + [Bytes20(to_word(rng.randrange(1, 18))[12:])])
            return addresses[kind], rng.randrange(3), to_word(int.from_bytes(target, "big")) + rng.randbytes(rng.randrange(99))
        if kind == "precompile":
            return Bytes20(to_word(rng.choice([1, 2, 3, 4, 4, 5, 9]))[12:]), rng.randrange(2), rng.randbytes(rng.randrange(64))
        if kind == "withdraw":
            return Bytes20.fromhex(WITHDRAWALS), rng.choice([0, 1, 100]), rng.randbytes(56)
        if kind == "consolidate":
            return Bytes20.fromhex(CONSOLIDATIONS), rng.choice([1, 100]), rng.randbytes(96)
        if kind == "deposit":
            return Bytes20.fromhex(DEPOSITS), 0, deposit(rng)
        return addresses[kind], rng.randrange(3), rng.randbytes(rng.randrange(70))

    def wrong(self, tip):
        """A block upon `tip` that the specifications refuse, and in what it is wrong; nothing if none was found."""
        rng = self.rng
        bad = self.bad_ommers(tip) if rng.random() < 0.3 else ()
        block, _ = self.build(tip, rng.randrange(3), bad, check=False)
        fork = self.fork_of(int(block.header.number), int(block.header.timestamp), tip[1])
        header = {field.name: getattr(block.header, field.name) for field in dataclasses.fields(block.header)}
        body = {field.name: getattr(block, field.name) for field in dataclasses.fields(block)}
        if bad:
            what = "ommers"
        elif rng.random() < 0.4:
            what = self.spoil_transactions(fork, tip, header, body)
        else:
            what = self.spoil_header(fork, header)
        body["header"] = make(fork.blocks.Header, header)
        wrong = make(fork.blocks.Block, body)
        chain = copied(tip[0], tip[2])
        if fork is not tip[2]:
            chain = convert(chain, tip[2], fork)
        try:
            fork.fork.state_transition(chain, wrong)
        except Exception as error:
            return wrong, f"{what}: {type(error).__name__}"
        return None

    def spoil_header(self, fork, header):
        """Changes one field."""
        rng = self.rng
        free = ("coinbase", "mix_digest", "prev_randao", "nonce", "parent_beacon_block_root")
        what = rng.choice([name for name in header if name not in free])
        if fork.pos and rng.random() < 0.1:
            what = "nonce"
        old = header[what]
        if isinstance(old, (Uint, U64, U256)):
            header[what] = type(old)(max(0, int(old) + rng.choice([1, -1, 1000, int(old)])))
        elif what == "extra_data":
            header[what] = Bytes(rng.randbytes(33))
        else:
            header[what] = type(old)(rng.randbytes(len(old)))
        return what

    def spoil_transactions(self, fork, tip, header, body):
        """Adds a transaction that is wrong in one field, or changes the order; their root is right."""
        rng = self.rng
        txs = list(body["transactions"])
        what = rng.choice(["nonce", "gas", "much gas", "value", "fee", "chain", "high s", "priority", "order", "again"])
        if what in ("order", "again") and len(txs) > 1:
            txs = txs[::-1] if what == "order" else txs + [txs[0]]
        else:
            sender = rng.randrange(len(self.keys))
            sent = sum(1 for tx in txs if sender_of(fork, tx) == self.senders[sender])
            nonce = int(fork.state.get_account(tip[0].state, self.senders[sender]).nonce) + sent
            base = int(header.get("base_fee_per_gas", 0))
            fields = dict(
                chain_id=U64(2 if what == "chain" else 1),
                nonce=U256(nonce + (rng.choice([1, -1]) if what == "nonce" and nonce else what == "nonce")),
                gas=Uint({"gas": 20_999, "much gas": int(header["gas_limit"]) + 1}.get(what, 50_000)),
                gas_price=Uint(max(0, base - 1) if what == "fee" else base + 10),
                max_fee_per_gas=Uint(max(0, base - 1) if what == "fee" else base + 10),
                max_priority_fee_per_gas=Uint(base + 11 if what == "priority" else 0),
                to=self.senders[0],
                value=U256(10**30 if what == "value" else 1),
                data=Bytes(b""),
                access_list=(),
            )
            kind = "fee" if what in ("priority", "chain") and at_least(fork.name, "London") else "legacy"
            txs.append(sign(fork, kind, fields, self.keys[sender], rng, what))
        trie = fork.trie.Trie(secured=False, default=None)
        for index, tx in enumerate(txs):
            fork.trie.trie_set(trie, rlp.encode(Uint(index)), tx)
        header["transactions_root"] = fork.trie.root(trie)
        body["transactions"] = tuple(txs)
        return f"transactions, {what}"

    def bad_ommers(self, tip):
        """Ommers that break a rule; none if there can be none."""
        rng, blocks = self.rng, tip[0].blocks
        if tip[2].pos or self.second is not None or len(blocks) < 4:
            return ()
        good = [block.header for block, parent in self.siblings(tip, 1) + self.siblings(tip, 2) + self.siblings(tip, 1)]
        if len(good) < 3:
            return ()
        changed = lambda name, value: (dataclasses.replace(good[0], **{name: value}),)
        return rng.choice([
            tuple(good),
            (good[0], good[0]),
            (blocks[-2].header,),
            (blocks[-1].header,),
            changed("difficulty", good[0].difficulty + Uint(1)),
            changed("parent_hash", Bytes32(rng.randbytes(32))),
            changed("number", good[0].number + Uint(1)),
            changed("timestamp", U256(0)),
            changed("gas_limit", good[0].gas_limit * Uint(2)),
            changed("extra_data", Bytes(bytes(33))),
        ])

    def siblings(self, tip, depth):
        """A block that competes with the ancestor `depth` before the next block, with its parent; in a list."""
        length = len(tip[0].blocks) - depth
        older = [other for other in self.history(tip) if len(other[0].blocks) == length]
        return [(self.build(older[0], 0)[0], older[0])] if older else []

    def run(self, length):
        """The whole test."""
        rng = self.rng
        blocks, tips = [], list(self.tips)
        best = tips[0]
        for _ in range(length):
            if rng.random() < 0.25:
                wrong = self.wrong(best)
                if wrong is not None:
                    blocks.append({"rlp": hexed(rlp.encode(wrong[0])), "expectException": f"wrong {wrong[1]}"})
            parent = best
            side = not best[2].pos and self.second is None and len(tips) > 3 and rng.random() < 0.2
            if side:
                parent = tips[-1 - rng.randrange(1, 3)]
            ommers = self.ommers(parent)
            try:
                block, tip = self.build(parent, rng.randrange(5), ommers)
            except Exception:
                if not ommers:
                    raise
                block, tip = self.build(parent, rng.randrange(5))
            blocks.append(valid(block))
            if tip[2].pos or tip[1] > best[1]:
                best = tip
                tips.append(tip)
            elif side:
                pass
        return self.test(blocks, best)

    def ommers(self, tip):
        """Siblings of ancestors of the block to come, sometimes."""
        chain, rng = tip[0], self.rng
        if tip[2].pos or self.second is not None or rng.random() < 0.6:
            return ()
        depth = rng.randrange(2, 6)
        older = [other for other in self.history(tip) if len(other[0].blocks) == len(chain.blocks) - depth + 1]
        if not older:
            return ()
        return tuple(self.build(older[0], 0)[0].header for _ in range(rng.choice([1, 1, 2])))

    def history(self, tip):
        """Tips that are ancestors of `tip`, made anew: without the last blocks, and with the state before them."""
        for length in range(1, len(tip[0].blocks)):
            block = tip[0].blocks[length - 1]
            for other in self.known:
                if other[0].blocks[-1] == block:
                    yield other

    def test(self, blocks, best):
        chain = best[0]
        head = chain.blocks[-1].header
        root = hexed(best[2].state.state_root(chain.state))
        post = {"postStateHash": root} if self.short else {"postState": dump(chain.state)}
        return {
            "network": self.network,
            "genesisBlockHeader": header_json(self.genesis_block.header),
            "genesisRLP": hexed(rlp.encode(self.genesis_block)),
            "pre": self.pre,
            **post,
            "lastblockhash": hexed(keccak256(rlp.encode(head))),
            "config": {"network": self.network, "chainid": "0x01"},
            "blocks": blocks,
            "sealEngine": "NoProof",
        }


class Remembering(Chain):
    """Keeps all tips, for ommers."""

    known = ()

    def build(self, *arguments, **named):
        block, tip = super().build(*arguments, **named)
        self.known = (*self.known, tip)
        return block, tip


def word(number):
    return Bytes32(int(number).to_bytes(32, "big"))


def hexed(data):
    return "0x" + bytes(data).hex()


def quantity(number):
    return hex(int(number))


def make(kind, values):
    """An object of a class of the specifications, with those of `values` that it has fields for."""
    return kind(**{field.name: values[field.name] for field in dataclasses.fields(kind)})


def address_of(key):
    return Bytes20(keccak256(key.public_key.format(compressed=False)[1:])[12:])


def raw_signature(key, digest):
    signature = key.sign_recoverable(bytes(digest), hasher=None)
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big"), signature[64]


def sign(fork, kind, fields, key, rng, spoilt=""):
    transactions = fork.transactions
    names = {"access": "AccessList", "fee": "FeeMarket", "blob": "Blob", "code": "SetCode"}
    fields = dict(fields, v=U256(0), r=U256(0), s=U256(0), y_parity=U256(0))
    if kind == "legacy":
        legacy = getattr(transactions, "LegacyTransaction", None) or transactions.Transaction
        tx = make(legacy, fields)
        if hasattr(transactions, "signing_hash_155") and rng.random() < 0.7:
            digest, first = transactions.signing_hash_155(tx, U64(1)), 37
        else:
            plain = getattr(transactions, "signing_hash_pre155", None) or transactions.signing_hash
            digest, first = plain(tx), 27
        r, s, parity = raw_signature(key, digest)
        if spoilt == "high s":
            s, parity = ORDER_OF_SECP256K1 - s, 1 - parity
        if spoilt == "chain" and first == 37:
            first = 39
        return dataclasses.replace(tx, v=U256(first + parity), r=U256(r), s=U256(s))
    number = {"access": "2930", "fee": "1559", "blob": "4844", "code": "7702"}[kind]
    tx = make(getattr(transactions, names[kind] + "Transaction"), fields)
    r, s, parity = raw_signature(key, getattr(transactions, f"signing_hash_{number}")(tx))
    tx = dataclasses.replace(tx, y_parity=U256(parity), r=U256(r), s=U256(s))
    return transactions.encode_transaction(tx)


def sender_of(fork, tx):
    if hasattr(fork.transactions, "decode_transaction"):
        tx = fork.transactions.decode_transaction(tx)
    recover = fork.transactions.recover_sender
    try:
        return recover(U64(1), tx)
    except TypeError:
        return recover(tx)


def random_code(rng):
    """Instructions without much sense, but most of them with enough on the stack."""
    code = bytearray()
    plain = bytes.fromhex("01020304050607080910111213141516171819 1a1b1c1d 20 30 32 33 34 3a 3d 41 42 43 44 45 46 47 48 54 59 5a 5b 80 81 90 91")
    for _ in range(rng.randrange(5, 40)):
        roll = rng.random()
        if roll < 0.5:
            code += bytes([0x60, rng.randrange(40)])
        elif roll < 0.9:
            code.append(rng.choice(plain))
        elif roll < 0.97:
            code += bytes([0x60, rng.randrange(4), 0x55])
        else:
            code += rng.choice([b"\x60\x20\x60\x00\xf3", b"\xfe", b"\x60\x00\x60\x00\x60\x00\x60\x00\x60\x00\x60\x04\x5a\xf1"])
    return bytes(code)


def deposit(rng):
    """An event of the deposit contract, sometimes with a wrong layout: then its block is invalid."""
    parts = [rng.randbytes(48), rng.randbytes(32), rng.randbytes(8), rng.randbytes(96), rng.randbytes(8)]
    data, offset, head = b"", 160, b""
    for part in parts:
        head += offset.to_bytes(32, "big")
        padded = part + bytes(-len(part) % 32)
        data += len(part).to_bytes(32, "big") + padded
        offset += 32 + len(padded)
    return head + data


def copied_state(state, fork):
    copy = fork.trie.copy_trie
    tries = {address: copy(trie) for address, trie in state._storage_tries.items()}
    return fork.state.State(_main_trie=copy(state._main_trie), _storage_tries=tries)


def copied(chain, fork):
    """The chain, so that what is done to it does not change this one."""
    return fork.fork.BlockChain(blocks=list(chain.blocks), state=copied_state(chain.state, fork), chain_id=chain.chain_id)


def convert(chain, old, new):
    """The chain under the next fork: with accounts of its class, and what the fork does to the state."""
    state = new.state.State()
    for address, account in old_accounts(chain.state):
        new.state.set_account(state, address, new.fork_types.Account(account.nonce, account.balance, account.code))
        trie = chain.state._storage_tries.get(address)
        for key, value in (trie._data if trie is not None else {}).items():
            new.state.set_storage(state, address, key, value)
    chain = new.fork.BlockChain(blocks=chain.blocks, state=state, chain_id=chain.chain_id)
    return new.fork.apply_fork(chain)


def old_accounts(state):
    return [(address, account) for address, account in state._main_trie._data.items() if account is not None]


def dump(state):
    """Accounts as tests have them."""
    accounts = {}
    for address, account in sorted(old_accounts(state)):
        trie = state._storage_tries.get(address)
        storage = {} if trie is None else trie._data
        accounts[hexed(address)] = {
            "nonce": quantity(account.nonce),
            "balance": quantity(account.balance),
            "code": hexed(account.code),
            "storage": {hexed(key): quantity(value) for key, value in sorted(storage.items()) if value != 0},
        }
    return accounts


JSON_NAMES = {
    "parent_hash": "parentHash",
    "ommers_hash": "uncleHash",
    "state_root": "stateRoot",
    "transactions_root": "transactionsTrie",
    "receipt_root": "receiptTrie",
    "gas_limit": "gasLimit",
    "gas_used": "gasUsed",
    "extra_data": "extraData",
    "mix_digest": "mixHash",
    "prev_randao": "mixHash",
    "base_fee_per_gas": "baseFeePerGas",
    "withdrawals_root": "withdrawalsRoot",
    "blob_gas_used": "blobGasUsed",
    "excess_blob_gas": "excessBlobGas",
    "parent_beacon_block_root": "parentBeaconBlockRoot",
    "requests_hash": "requestsHash",
}


def header_json(header):
    result = {"hash": hexed(keccak256(rlp.encode(header)))}
    for field in dataclasses.fields(header):
        value = getattr(header, field.name)
        name = JSON_NAMES.get(field.name, field.name)
        result[name] = hexed(value) if isinstance(value, bytes) else quantity(value)
    return result


def valid(block):
    return {"rlp": hexed(rlp.encode(block)), "blockHeader": {"hash": hexed(keccak256(rlp.encode(block.header)))}}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chains", type=int, default=1)
    parser.add_argument("--length", type=int, default=8)
    parser.add_argument("--network", action="append")
    parser.add_argument("--short", action="store_true", help="only the root of the state after the chain")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    networks = [(name, None, "") for name in ORDER] + TRANSITIONS
    for first, second, how in networks:
        name = first if second is None else f"{first}To{second}{how}"
        if options.network and name not in options.network:
            continue
        tests = {}
        for index in range(options.chains):
            rng = random.Random(f"{options.seed} {name} {index}")
            chain = Remembering(rng, first, second, how, options.short)
            chain.known = tuple(chain.tips)
            tests[f"{name}_{options.seed}_{index}"] = chain.run(options.length)
        text = json.dumps(tests, separators=(",", ":"))
        (options.output / f"{name}.json").write_text(text)
        print(name, len(text), flush=True)


if __name__ == "__main__":
    main()
