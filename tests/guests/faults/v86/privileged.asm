; Instructions that virtual-8086 mode does not have (#UD) or that only ring 0 may use (#GP(0)), and those that it may (SDM
; volume 3A, 20.2.7 and 5.9). IOPL 3 changes none of this.

%define GUEST "privileged"
%include "v86.inc"

        jmp cases

say_ax:
        SAY " ax="
        mov eax, [ebp + FRAME_EAX]
        jmp say_hex32

%macro TRY 2+
  %assign level 0
  %rep 2
        CASE %1, ", IOPL ", '0' + level
        V86 level
        %2
        V86_END
        END_CASE
    %assign level level + 3
  %endrep
%endmacro

        align 8
memory: times 64 db 0

%macro LOCKED_NOP 0
        db 0F0h, 90h
%endmacro

cases:
        TRY "hlt", hlt
        TRY "clts", clts
        TRY "lmsw ax", lmsw ax
        TRY "lmsw m", lmsw [memory]
        TRY "mov eax, cr0", mov eax, cr0
        TRY "mov cr0, eax", mov cr0, eax
        TRY "mov eax, cr2", mov eax, cr2
        TRY "mov cr2, eax", mov cr2, eax
        TRY "mov eax, cr3", mov eax, cr3
        TRY "mov cr3, eax", mov cr3, eax
        TRY "mov eax, cr4", mov eax, cr4
        TRY "mov cr4, eax", mov cr4, eax
        TRY "mov eax, dr0", mov eax, dr0
        TRY "mov dr0, eax", mov dr0, eax
        TRY "mov eax, dr4", mov eax, dr4
        TRY "mov dr5, eax", mov dr5, eax
        TRY "mov eax, dr7", mov eax, dr7
        TRY "mov dr7, eax", mov dr7, eax
        TRY "lgdt", lgdt [memory]
        TRY "lidt", lidt [memory]
        TRY "invd", invd
        TRY "wbinvd", wbinvd
        TRY "invlpg", invlpg [memory]
        TRY "rdmsr", rdmsr
        TRY "wrmsr", wrmsr
        TRY "sysexit", sysexit
        TRY "sysenter, MSR 174h zero", sysenter
        TRY "rdpmc", rdpmc
        TRY "lldt ax", lldt ax
        TRY "lldt m", lldt [memory]
        TRY "lldt beyond the segment", o16 a32 lldt [dword 12345h]
        TRY "sldt ax", sldt ax
        TRY "sldt m", sldt [memory]
        TRY "ltr ax", ltr ax
        TRY "str ax", str ax
        TRY "str m", str [memory]
        TRY "lar ax, dx", lar ax, dx
        TRY "lsl ax, dx", lsl ax, dx
        TRY "lar ax, m", lar ax, [memory]
        TRY "verr ax", verr ax
        TRY "verw ax", verw ax
        TRY "verr m", verr [memory]
        TRY "arpl ax, dx", arpl ax, dx
        TRY "arpl m, dx", arpl [memory], dx
        TRY "sgdt", sgdt [memory]
        TRY "sidt", sidt [memory]
        TRY "smsw m", smsw [memory]
        TRY "cpuid", cpuid
        TRY "rdtsc", rdtsc
        TRY "mov ss, ax", mov ss, dx
        TRY "mov cs, ax", db 8Eh, 0C8h
        TRY "lock nop", LOCKED_NOP
        TRY "lock inc m", lock inc word [memory]
        TRY "ud2", ud2
        TRY "bound, out of range", bound ax, [memory + 60]
        TRY "bound register", db 62h, 0C0h

        ; Time stamp disable counts in virtual-8086 mode too, whose CPL is 3.
        mov eax, cr4
        or eax, 4
        mov cr4, eax
        TRY "rdtsc, CR4.TSD", rdtsc
        mov eax, cr4
        and eax, ~4
        mov cr4, eax

        ; Coprocessor instructions obey CR0 as in ring 3.
        mov eax, cr0
        or eax, 8
        mov cr0, eax
        TRY "fnop, CR0.TS", fnop
        TRY "wait, CR0.TS", wait
        mov eax, cr0
        or eax, 2
        mov cr0, eax
        TRY "wait, CR0.TS and MP", wait
        mov eax, cr0
        and eax, ~10
        or eax, 4
        mov cr0, eax
        TRY "fnop, CR0.EM", fnop
        TRY "emms, CR0.EM", emms
        mov eax, cr0
        and eax, ~4
        mov cr0, eax

        CASE "smsw eax reads all of CR0"
        ALSO say_ax
        V86 0
        smsw eax
        and eax, 0FFFEFFEFh             ; but ET
        V86_END
        END_CASE

        END_FAULTS
