/**
 * What a build is made with, and what a repository's own files say about it: the Erlang/OTP
 * installations of this machine, the application files ({@code .app}) that a build leaves, and the
 * configuration that asks for OTP versions and dependencies. Read {@link
 * dev.raccoon.toolchain.OtpInstallations} first; the readers of hostile files begin at {@link
 * dev.raccoon.toolchain.ErlangTerms} and {@link dev.raccoon.toolchain.RepositoryConfig}.
 */
@NullMarked
package dev.raccoon.toolchain;

import org.jspecify.annotations.NullMarked;
