// What gdb is told of the CPU: its registers in gdb's own features, and the system registers in one of ours.

/**
 * @typedef {{name: string, bits: number, type: string}} Register
 */

/** @type {(names: string, bits: number, type: string) => Register[]} */
const all = (names, bits, type) => names.split(" ").map((name) => ({ name, bits, type }));

const GENERAL = [
  ...all("eax ecx edx ebx", 32, "int32"),
  ...all("esp ebp", 32, "data_ptr"),
  ...all("esi edi", 32, "int32"),
  ...all("eip", 32, "code_ptr"),
  ...all("eflags", 32, "i386_eflags"),
  ...all("cs ss ds es fs gs", 32, "int32"),
];

const X87 = [
  ...all("st0 st1 st2 st3 st4 st5 st6 st7", 80, "i387_ext"),
  ...all("fctrl fstat ftag fiseg fioff foseg fooff fop", 32, "int"),
];

const SSE = [...all("xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6 xmm7", 128, "vec128"), ...all("mxcsr", 32, "i386_mxcsr")];

const SYSTEM = [
  ...all("cs_base ss_base ds_base es_base fs_base gs_base", 32, "int32"),
  ...all("cs_limit ss_limit ds_limit es_limit fs_limit gs_limit", 32, "int32"),
  ...all("gdtr_base gdtr_limit idtr_base idtr_limit", 32, "int32"),
  ...all("ldtr ldtr_base ldtr_limit tr tr_base tr_limit", 32, "int32"),
  ...all("cr0 cr2 cr3 cr4 dr0 dr1 dr2 dr3 dr6 dr7 cpl", 32, "int32"),
];

/** All registers in the order of their numbers. */
export const REGISTERS = [...GENERAL, ...X87, ...SSE, ...SYSTEM];

/** @param {readonly Register[]} registers */
function elements(registers) {
  return registers.map(({ name, bits, type }) => `<reg name="${name}" bitsize="${bits}" type="${type}"/>`);
}

const flag = (/** @type {string} */ name, /** @type {number} */ bit) =>
  `<field name="${name}" start="${bit}" end="${bit}"/>`;

/** @param {string} id @param {string} names in order of bits; "-" has none */
function flags(id, names) {
  const fields = names.split(" ").flatMap((name, bit) => (name === "-" ? [] : [flag(name, bit)]));
  return `<flags id="${id}" size="4">${fields.join("")}</flags>`;
}

const VECTOR = [
  ["v4f", "ieee_single", 4],
  ["v2d", "ieee_double", 2],
  ["v16i8", "int8", 16],
  ["v8i16", "int16", 8],
  ["v4i32", "int32", 4],
  ["v2i64", "int64", 2],
];

const vectors = VECTOR.map(([id, type, count]) => `<vector id="${id}" type="${type}" count="${count}"/>`).join("");

const UNION = `<union id="vec128"><field name="v4_float" type="v4f"/><field name="v2_double" type="v2d"/>\
<field name="v16_int8" type="v16i8"/><field name="v8_int16" type="v8i16"/><field name="v4_int32" type="v4i32"/>\
<field name="v2_int64" type="v2i64"/><field name="uint128" type="uint128"/></union>`;

/** @type {(name: string, lines: string[]) => string} */
const feature = (name, lines) => `<feature name="${name}">\n${lines.join("\n")}\n</feature>\n`;

/** The target description (gdb manual, appendix G). */
export const TARGET_XML = `<?xml version="1.0"?>
<!DOCTYPE target SYSTEM "gdb-target.dtd">
<target version="1.0">
<architecture>i386</architecture>
${feature("org.gnu.gdb.i386.core", [
  flags("i386_eflags", "CF - PF - AF - ZF SF TF IF DF OF - - NT - RF VM AC VIF VIP ID"),
  ...elements(GENERAL),
  ...elements(X87),
])}${feature("org.gnu.gdb.i386.sse", [
  flags("i386_mxcsr", "IE DE ZE OE UE PE DAZ IM DM ZM OM UM PM - - FZ"),
  vectors,
  UNION,
  ...elements(SSE),
])}${feature("org.glassbox.i386.system", elements(SYSTEM))}</target>
`;
