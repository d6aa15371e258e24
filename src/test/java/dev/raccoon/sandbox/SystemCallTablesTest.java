package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The numbers against the kernel's own tables, where this machine has its headers. */
class SystemCallTablesTest {
  private static final Pattern DEFINITION = Pattern.compile("#define __NR_(\\w+)\\s+(\\d+)");

  /** A newer kernel's table may have dropped a few very old calls. */
  private static final int MOST = RefusedCall.values().length - 15;

  @Test
  void thoseOfAmd64AreTheKernels() throws Exception {
    compare(Processor.AMD64, table("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"));
  }

  @Test
  void thoseOfAarch64AreTheKernels() throws Exception {
    compare(Processor.AARCH64, table("/usr/include/asm-generic/unistd.h"));
  }

  private static void compare(Processor processor, Map<String, Integer> kernels) {
    Map<String, Integer> ours = new HashMap<>();
    for (CheckedCall call : CheckedCall.values()) {
      ours.put(call.name().toLowerCase(Locale.ROOT), call.number(processor));
    }
    for (RefusedCall call : RefusedCall.values()) {
      call.number(processor)
          .ifPresent(number -> ours.put(call.name().toLowerCase(Locale.ROOT), number));
    }
    Map<String, Integer> common = new HashMap<>(ours);
    common.keySet().retainAll(kernels.keySet());

    assertThat(common).hasSizeGreaterThanOrEqualTo(MOST);
    assertThat(kernels).containsAllEntriesOf(common);
    assertThat(kernels.values()).contains(processor.lastOwnCall(), processor.lastCall());
    assertThat(kernels.values()).contains(processor.firstCommonCall());
  }

  private static Map<String, Integer> table(String header) throws Exception {
    assumeTrue(Files.isRegularFile(Path.of(header)), "the kernel's headers are not installed");
    Map<String, Integer> numbers = new HashMap<>();
    Matcher definition = DEFINITION.matcher(Files.readString(Path.of(header)));
    while (definition.find()) {
      numbers.put(definition.group(1), Integer.valueOf(definition.group(2)));
    }
    return numbers;
  }
}
