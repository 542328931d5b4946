; The vbe guest in another mode: 1024 x 768 pixels of 16 bits.

%define GUEST "vbe16"
WIDTH           equ 1024
HEIGHT          equ 768
DEPTH           equ 16
%include "vbe/boot.asm"
