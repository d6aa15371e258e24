package dev.raccoon.sandbox;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class ControlGroupMeterTest extends MeterContract {
  private TestGroups groups;

  @BeforeEach
  void open() throws IOException {
    groups = TestGroups.orSkip();
  }

  @AfterEach
  void close() throws IOException {
    if (groups != null) {
      groups.close();
    }
  }

  @Override
  Metered start(String... command) throws IOException {
    ControlGroup group = groups.open(1L << 30, 1000);
    return new Metered(TestGroups.start(group, command), group);
  }
}
