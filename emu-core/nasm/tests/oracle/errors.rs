//! Wrong programs: NASM refuses them too, and ours says where and what to do.

use glassbox_nasm::{Options, assemble};

use crate::nasm::nasm;

/// Text, line and column of the first error, and a part of its message.
const WRONG: [(&str, u32, u32, &str); 40] = [
    ("nop\n mvo ax, 5", 2, 2, "`mov`"),
    ("inc [bx]", 1, 1, "byte, word or dword"),
    ("mov al, bx", 1, 1, "does not exist with these operands"),
    ("mov ax, [bx+cx]", 1, 9, "BX or BP"),
    ("mov ax, [eax+bx]", 1, 1, "16 and 32 bits"),
    ("mov eax, [esp*2]", 1, 10, "ESP has none"),
    ("mov eax, [eax*6]", 1, 10, "factor"),
    ("mov ax, [bx+si+di]", 1, 9, "at most two registers"),
    ("mov ax, nowhere", 1, 9, "defined nowhere"),
    ("x: nop\nx: nop", 2, 1, "line 1"),
    ("db 1/0", 1, 5, "division by zero"),
    ("db (1", 1, 6, "`)`"),
    ("db 1 2", 1, 6, "expected"),
    ("times 5-9 nop", 1, 7, "too long"),
    ("times x nop\nx equ 3", 1, 7, "before this line"),
    ("jmp short x\ntimes 200 nop\nx:", 1, 5, "leave `short` out"),
    ("db 'abc", 1, 4, "closing quote"),
    ("mov ax, 0x5g", 1, 9, "no number"),
    ("%if 1\nnop", 2, 1, "%endif"),
    ("%endif", 1, 1, "no `%if`"),
    ("%macro a 1\nnop", 1, 1, "%endmacro"),
    ("%rep 3\nnop", 1, 1, "%endrep"),
    ("%rep 99999999\nnop\n%endrep", 1, 1, "at most"),
    ("%include 'none.inc'", 1, 1, "paste it in"),
    ("incbin 'none.bin'", 1, 1, "write the bytes"),
    ("%error this is wrong", 1, 1, "this is wrong"),
    ("%foo", 1, 1, "no directive"),
    ("%macro m 0\nm\n%endmacro\nm", 4, 1, "use itself"),
    ("absolute 5\nnop", 2, 1, "resb"),
    ("org 5\norg 6", 2, 5, "contradicts"),
    ("section .x align=3", 1, 12, "power of two"),
    ("bits 64", 1, 6, "64-bit mode"),
    ("cpu 8086\npush 5", 2, 1, "later processor"),
    ("struc a\n.x: resb 1", 2, 1, "endstruc"),
    ("dt 5", 1, 4, "floating-point"),
    ("mov ax, ds:[bx]", 1, 11, "expected"),
    ("mov ax, [es:fs:bx]", 1, 15, "`]`"),
    ("x equ bx", 1, 7, "number or an address"),
    ("movaps xmm0, [eax+xmm1]", 1, 14, "16-bit or all 32-bit"),
    ("%macro a 1\n mov al, bx ; %1\n%endmacro\nnop\n a 5", 5, 2, "does not exist"),
];

#[test]
fn both_refuse_and_ours_says_where_and_why() {
    for (text, line, column, part) in WRONG {
        let errors = assemble(text, &Options::default()).expect_err(text);
        let first = &errors[0];
        assert!(first.message.contains(part), "{text}\n{first}");
        assert_eq!((first.line, first.column), (line, column), "{text}\n{first}");
        // What NASM would take is refused for want of files and 64-bit code.
        if !matches!(text, "bits 64") {
            assert!(nasm(text, &[]).is_err(), "NASM takes: {text}");
        }
    }
}

#[test]
fn all_errors_of_a_text_are_told_in_order() {
    let errors = assemble("mov al, bx\nnop\ninc [bx]\ndb 1 2\n", &Options::default()).expect_err("wrong");
    assert_eq!(errors.iter().map(|e| e.line).collect::<Vec<_>>(), [1, 3, 4]);
    let many = assemble(&"inc [bx]\n".repeat(1000), &Options::default()).expect_err("wrong");
    assert_eq!(many.len(), glassbox_nasm::MOST_ERRORS);
}

#[test]
fn what_takes_too_much_is_refused() {
    let deep = "(".repeat(100_000);
    for text in [
        "times 99999999999 db 0",
        "resb 99999999999999",
        "%macro m 1\nm %1%1\n%endmacro\nm x",
        "%rep 100000\n%rep 100000\nnop\n%endrep\n%endrep",
        "%define a a1 a1\n%define a1 a2 a2\n%define a2 a3 a3 a3 a3 a3 a3 a3 a3\n%define a3 a4 a4 a4 a4 a4 a4 a4 a4 a4\n\
         %define a4 a5 a5 a5 a5 a5 a5 a5\n%define a5 a6 a6 a6 a6 a6 a6 a6 a6 a6\n%define a6 a7 a7 a7 a7 a7\n\
         %define a7 a8 a8 a8 a8 a8 a8 a8 a8 a8 a8\n%define a8 1,1,1,1,1,1,1,1,1,1\na",
        &format!("db {deep}"),
        "db 99999999 dup (99999999 dup (1))",
        "x: times 100-(y-x) db 0\ny:\n",
    ] {
        assert!(assemble(text, &Options::default()).is_err(), "{}", &text[..text.len().min(80)]);
    }
}
