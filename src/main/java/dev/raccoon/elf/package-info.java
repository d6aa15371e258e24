/**
 * Reads programs and shared libraries (ELF: elf(5)), an operator's own or such as strangers'
 * repositories hold: what they need of the machine that loads them. Read {@link
 * dev.raccoon.elf.ElfImage} first.
 */
@NullMarked
package dev.raccoon.elf;

import org.jspecify.annotations.NullMarked;
