// NASM's words, for colours and completion; instructions come from the assembler itself.

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const numbered = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);

export const REGISTERS: readonly string[] = [
  ...words("al ah bl bh cl ch dl dh ax bx cx dx si di bp sp eax ebx ecx edx esi edi ebp esp"),
  ...words("cs ds es fs gs ss cr0 cr2 cr3 cr4 dr0 dr1 dr2 dr3 dr6 dr7"),
  ...["st", "mm", "xmm"].flatMap((name) => numbered(name, 8)),
];

/** What stands where an instruction might. */
export const DIRECTIVES: readonly string[] = words(`
  bits use16 use32 org section segment absolute align alignb cpu default global extern struc endstruc istruc iend at
  db dw dd dq dt resb resw resd resq rest equ times incbin
`);

export const PREPROCESSOR: readonly string[] = words(`
  %define %xdefine %idefine %undef %assign %macro %imacro %endmacro %unmacro %rep %endrep %exitrep %if %ifdef %ifndef
  %ifidn %ifidni %ifnum %ifid %ifstr %elif %elifdef %else %endif %error %warning %include %strlen %substr %strcat %rotate
  %push %pop %line
`);

/** What qualifies an operand or an instruction. */
export const QUALIFIERS: readonly string[] = words(`
  byte word dword qword tword oword near far short strict ptr rep repe repz repne repnz lock a16 a32 o16 o32 wrt seg
`);
