; Limits of data segments that expand up: the last byte is within, the next is not (SDM volume 3A, 5.3).

%define GUEST "expand_up"
%include "faults.inc"

        SET_DESCRIPTOR SPARE, 100000h, 0FFFh, PRESENT | DATA_WRITABLE, FLAG_32BIT

        CASE "a byte at the limit"
        mov ax, SPARE
        mov fs, ax
        mov al, [fs:0FFFh]
        END_CASE
        CASE "a byte beyond the limit"
        mov ax, SPARE
        mov fs, ax
        mov al, [fs:1000h]
        END_CASE

        END_FAULTS
