/**
 * The Erlang/OTP of this machine as its operator sees them: which there are, which tools run on
 * each, and installing another one through kerl. Read {@link dev.raccoon.otp.OtpInstaller} first.
 */
@NullMarked
package dev.raccoon.otp;

import org.jspecify.annotations.NullMarked;
